"""Starting state machines and waiting for them, as a user of Step Functions would."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from typing import Any

from scripts.demo.job import DemoError

POLL_SECONDS = 0.25
# Long enough for a person who labels; every execution has its own, shorter bounds inside.
PATIENCE_SECONDS = 4 * 3600


class Executions:
    """The executions that the demo starts, and those that these start."""

    def __init__(self, client: Any) -> None:
        self._client = client

    def start(self, machine: str, name: str, payload: dict[str, Any]) -> str:
        """Start an execution; its ARN."""
        arn: str = self._client.start_execution(stateMachineArn=machine, name=name, input=json.dumps(payload))[
            "executionArn"
        ]
        return arn

    def wait(self, arn: str, meanwhile: Callable[[], None] = lambda: None) -> dict[str, Any]:
        """Its output, once it has succeeded; raises DemoError with its error and cause when it failed."""
        deadline = time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < deadline:
            execution = self._client.describe_execution(executionArn=arn)
            if execution["status"] == "SUCCEEDED":
                output: dict[str, Any] = json.loads(execution["output"])
                return output
            if execution["status"] != "RUNNING":
                raise DemoError(
                    f"{arn.rsplit(':', 2)[-2]} ended {execution['status']}: "
                    f"{execution.get('error', '')} {execution.get('cause', '')}"
                )
            meanwhile()
            time.sleep(POLL_SECONDS)
        raise DemoError(f"{arn} did not end within {PATIENCE_SECONDS} s")

    def status(self, arn: str) -> str:
        """RUNNING, SUCCEEDED, FAILED, TIMED_OUT or ABORTED."""
        found: str = self._client.describe_execution(executionArn=arn)["status"]
        return found

    def of(self, machine: str) -> list[dict[str, Any]]:
        """Name, status and seconds of every execution of a machine, oldest first."""
        pages = self._client.get_paginator("list_executions").paginate(stateMachineArn=machine)
        found = [execution for page in pages for execution in page["executions"]]
        return [summarize(execution) for execution in sorted(found, key=lambda execution: execution["startDate"])]


def summarize(execution: dict[str, Any]) -> dict[str, Any]:
    """The machine's name and the execution's, its status, and its seconds (None while it runs)."""
    machine = execution["stateMachineArn"].rsplit(":", 1)[-1]
    stop = execution.get("stopDate")
    seconds = round((stop - execution["startDate"]).total_seconds(), 2) if stop else None
    return {"name": f"{machine}/{execution['name']}", "status": execution["status"], "seconds": seconds}
