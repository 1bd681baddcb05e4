"""A real Label Studio server for tests: a process on loopback, with its data in a folder of its own."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import time
from pathlib import Path
from typing import Any

import httpx

ROOT = Path(__file__).parents[2]
PROGRAM = ROOT / ".venv-label-studio/bin/label-studio"
OWNER, PASSWORD = "owner@example.com", "not-a-secret-1"
TOKEN = "0123456789abcdef0123456789abcdef01234567"
START_SECONDS = 600  # a minute on an idle machine: it makes its database


class Server:
    """The process, and its API as its owner uses it."""

    def __init__(self, folder: Path, environment: dict[str, str]) -> None:
        with socket.create_server(("127.0.0.1", 0)) as listener:
            self.url = f"http://127.0.0.1:{listener.getsockname()[1]}"
        self._log = folder / "log.txt"
        given = {"--internal-host": "127.0.0.1", "-p": self.url.rsplit(":", 1)[1], "--data-dir": str(folder / "data")}
        person = {"--username": OWNER, "--password": PASSWORD, "--user-token": TOKEN}
        options = [part for pair in (given | person).items() for part in pair]
        quiet = {"COLLECT_ANALYTICS": "False", "SENTRY_DSN": "", "FRONTEND_SENTRY_DSN": "", "HOME": str(folder)}
        # Only so may it call a webhook on loopback.
        legacy = {"LABEL_STUDIO_ENABLE_LEGACY_API_TOKEN": "true", "SSRF_PROTECTION_ENABLED": "false"}
        with self._log.open("w") as log:
            self._process = subprocess.Popen(
                [str(PROGRAM), "start", *options, "--no-browser"],
                cwd=folder,
                env={**os.environ, **environment, **quiet, **legacy},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        self.api = httpx.Client(base_url=self.url, headers={"Authorization": f"Token {TOKEN}"}, timeout=60)

    def wait(self) -> None:
        """Until it answers."""
        end = time.monotonic() + START_SECONDS
        while time.monotonic() < end and self._process.poll() is None:
            try:
                if self.api.get("/health").is_success:
                    return
            except httpx.TransportError:
                time.sleep(1)
        raise AssertionError(f"Label Studio did not start:\n{self._log.read_text()[-3000:]}")

    def stop(self) -> None:
        self.api.close()
        if self._process.poll() is None:
            os.killpg(self._process.pid, signal.SIGTERM)
            self._process.wait(30)

    def ask(self, method: str, path: str, body: object = None) -> Any:
        answer = self.api.request(method, path, json=body)
        assert answer.is_success, f"{method} {path}: {answer.status_code} {answer.text[:500]}"
        return answer.json() if answer.content else None

    def project(self, title: str) -> dict[str, Any]:
        (found,) = self.ask("GET", f"/api/projects?title={title}")["results"]
        return dict(found)

    def tasks(self, title: str) -> list[dict[str, Any]]:
        found = self.ask("GET", f"/api/tasks?project={self.project(title)['id']}&page_size=100&fields=all")
        return sorted(found["tasks"], key=lambda task: int(task["data"]["number"]))

    def person(self, name: str) -> int:
        """The id of a new user."""
        made = self.ask("POST", "/api/users", {"email": f"{name}@example.com", "username": name})
        return int(made["id"])

    def annotate(self, title: str, number: int, user: int, label: str | None, **fields: Any) -> None:
        """As the person would; None skips."""
        choice = {"from_name": "label", "to_name": "image", "type": "choices", "value": {"choices": [label]}}
        body = {"result": [choice] if label else [], "was_cancelled": label is None, "completed_by": user, **fields}
        self.ask("POST", f"/api/tasks/{self.tasks(title)[number]['id']}/annotations", body)
