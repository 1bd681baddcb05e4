"""A recording as it grows: each request once, a line each, and the deployment's physical ids beside it."""

from __future__ import annotations

import json
import threading
from dataclasses import asdict
from pathlib import Path
from typing import Any

from ministack.services import cloudformation

from localcloud.iam.deployment import REQUESTS, Deployment, write_deployment
from localcloud.iam.requests import AuthorizationRequest
from localcloud.sagemaker.store import ACCOUNT, REGION


class Recorder:
    """Lines are written as they come, so that a server that is killed leaves what it had; `close` sorts them."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._folder = folder
        self._lines: set[str] = set()
        self._file = (folder / REQUESTS).open("w", encoding="utf-8")
        self._lock = threading.Lock()
        self._stacks: dict[str, dict[str, str]] = {}
        self._attributes: dict[str, dict[str, str]] = {}

    def note(self, request: AuthorizationRequest) -> None:
        line = json.dumps(asdict(request), sort_keys=True) + "\n"
        with self._lock:
            if line not in self._lines:
                self._lines.add(line)
                self._file.write(line)
                self._file.flush()

    def note_stacks(self) -> None:
        """What there is now: a stack that is deleted later has been noted before."""
        with self._lock:
            for stack in list(cloudformation._stacks.values()):
                self._note_stack(stack["StackName"], stack.get("_resources") or {})
                self._stacks[stack["StackName"]]["AWS::StackId"] = stack["StackId"]

    def _note_stack(self, name: str, resources: dict[str, Any]) -> None:
        stack, attributes = self._stacks.setdefault(name, {}), self._attributes.setdefault(name, {})
        for logical, resource in list(resources.items()):
            if resource.get("PhysicalResourceId"):
                stack[logical] = str(resource["PhysicalResourceId"])
                given = resource.get("Attributes") or {}
                attributes |= {f"{logical}.{key}": value for key, value in given.items() if isinstance(value, str)}

    def close(self) -> None:
        self.note_stacks()
        write_deployment(Deployment(ACCOUNT, REGION, self._stacks, self._attributes), self._folder)
        with self._lock:
            self._file.close()
            (self._folder / REQUESTS).write_text("".join(sorted(self._lines)), "utf-8")
