"""A Label Studio server of one's own, for the demo and for tests: on loopback, with its data in a folder of its own."""

from __future__ import annotations

import contextlib
import os
import secrets
import signal
import socket
import subprocess
import threading
import time
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import httpx

PROGRAM = Path(__file__).resolve().parents[1] / ".venv-label-studio/bin/label-studio"
OWNER = "owner@example.com"
_START_SECONDS = 600  # a minute on an idle machine: it makes its database
_ATTEMPTS = 5
_TAIL_CHARACTERS = 3000
_ASKS_NOBODY = {"COLLECT_ANALYTICS": "False", "SENTRY_DSN": "", "FRONTEND_SENTRY_DSN": ""}
# Its token opens it as it is, and it may call a webhook on loopback.
_ALLOWED = {"LABEL_STUDIO_ENABLE_LEGACY_API_TOKEN": "true", "SSRF_PROTECTION_ENABLED": "false"}
_NO_PROXY = {"NO_PROXY": "127.0.0.1,localhost", "no_proxy": "127.0.0.1,localhost"}
# Standard input is never written to: it ends when this process does, however that happens, and the server then too.
_ENDS_WITH_US = 'exec 3<&0; "$@" </dev/null 3<&- & server=$!; (cat <&3; kill "$server") & wait "$server"'


class LabelStudioError(RuntimeError):
    """The server is not installed, did not start, or refused what was asked."""


class LabelStudioServer:
    """The process, and its API as its owner uses it. As a context manager it starts and stops.

    `environment` adds to the process's own. From the beginning `url`, `password` and `token` are known; `wait` says
    when it answers. SQLite takes one at a time and refuses others now and then: those of one process take `turn`.
    """

    def __init__(self, folder: Path, environment: dict[str, str] | None = None) -> None:
        self._folder = folder
        self._environment = environment or {}
        self._process: subprocess.Popen[bytes] | None = None
        self.url = f"http://127.0.0.1:{free_port()}"
        self.turn = threading.Lock()
        self.password, self.token = secrets.token_urlsafe(15), secrets.token_hex(20)
        token = {"Authorization": f"Token {self.token}"}
        self.api = httpx.Client(base_url=self.url, headers=token, timeout=60, trust_env=False)

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    @property
    def log(self) -> Path:
        return self._folder / "label-studio.log"

    def start(self) -> None:
        """Returns at once. Raises LabelStudioError: it is not installed."""
        if not PROGRAM.exists():
            raise LabelStudioError(f"{PROGRAM} is missing: `make demo BACKEND=label_studio` installs it (0.8 GB)")
        self._folder.mkdir(parents=True, exist_ok=True)
        given = {
            "--internal-host": "127.0.0.1",
            "-p": self.url.rsplit(":", 1)[1],
            "--data-dir": str(self._folder / "data"),
            "--username": OWNER,
            "--password": self.password,
            "--user-token": self.token,
        }
        options = [part for pair in given.items() for part in pair]
        own = {**_ASKS_NOBODY, **_ALLOWED, **_NO_PROXY, "HOME": str(self._folder)}
        with self.log.open("wb") as log:
            self._process = subprocess.Popen(
                ["sh", "-c", _ENDS_WITH_US, "sh", str(PROGRAM), "start", "--no-browser", *options],
                cwd=self._folder,
                env={**os.environ, **self._environment, **own},
                stdin=subprocess.PIPE,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def wait(self) -> None:
        """Until it answers. Raises LabelStudioError with the end of its log."""
        end = time.monotonic() + _START_SECONDS
        while time.monotonic() < end and self._process is not None and self._process.poll() is None:
            with contextlib.suppress(httpx.TransportError):
                if self.api.get("/health").is_success:
                    return
            time.sleep(0.5)
        log = self.log.read_text(errors="replace")[-_TAIL_CHARACTERS:]
        raise LabelStudioError(f"Label Studio did not start. End of {self.log}:\n{log}")

    def stop(self) -> None:
        """End it with whatever it started: nobody else is in its process group. Twice is no error."""
        self.api.close()
        if self._process is None:
            return
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.communicate()
        self._process = None

    def ask(self, method: str, path: str, body: object = None) -> Any:
        """What it answers, as its owner. Raises LabelStudioError with its words."""
        for attempt in range(_ATTEMPTS):
            with self.turn:
                answer = self.api.request(method, path, json=body)
            if not answer.is_server_error or method == "POST":
                break
            time.sleep(attempt)
        if not answer.is_success:
            raise LabelStudioError(f"Label Studio: {method} {path}: {answer.status_code} {answer.text[:500]}")
        return answer.json() if answer.content else None

    def projects(self) -> list[dict[str, Any]]:
        """The newest hundred, the newest first."""
        return list(self.ask("GET", "/api/projects?ordering=-id&page_size=100")["results"])


def free_port() -> int:
    """Of loopback."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
    return port
