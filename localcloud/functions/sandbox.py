"""Starts Python Lambda workers in the sandbox of `python_sandbox.py`, in place of a process of their own."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import socket
import subprocess
import threading
import time
from pathlib import Path
from typing import Any

_SCRIPT = Path(__file__).with_name("python_sandbox.py")
_PAUSE_SECONDS = 0.01


class Sandbox:
    """One preloaded interpreter; `popen` is what ministack's Lambda runtime uses as subprocess.Popen."""

    def __init__(self, python: str) -> None:
        self._python = python
        self._requests, theirs = socket.socketpair()
        self._lock = threading.Lock()
        self._process = subprocess.Popen([python, str(_SCRIPT)], stdin=theirs.fileno())  # noqa: S603  (our own script)
        theirs.close()

    def popen(self, command: list[str], **options: Any) -> Any:
        if command[0] != self._python:
            return subprocess.Popen(command, **options)  # noqa: S603  (ministack's own Node worker)
        pipes = [os.pipe() for _ in range(3)]
        (given, stdin), (stdout, answer), (stderr, complaint) = pipes
        request = {"script": command[1], "cwd": options["cwd"], "env": options["env"]}
        try:
            pid = self._fork(json.dumps(request).encode(), [given, answer, complaint])
        finally:
            for descriptor in (given, answer, complaint):
                os.close(descriptor)
        return _Worker(pid, stdin, stdout, stderr)

    def _fork(self, request: bytes, descriptors: list[int]) -> int:
        with self._lock:
            socket.send_fds(self._requests, [len(request).to_bytes(8, "big")], descriptors)
            self._requests.sendall(request)
            answer = self._requests.recv(8)
        if not answer:
            raise RuntimeError("the Python sandbox has ended: see the local cloud's log")
        return int.from_bytes(answer, "big")


class _Worker:
    """The part of subprocess.Popen that the Lambda runtime uses. The sandbox's kernel collects the exit status."""

    def __init__(self, pid: int, stdin: int, stdout: int, stderr: int) -> None:
        self.pid = pid
        self.stdin, self.stdout, self.stderr = os.fdopen(stdin, "w", buffering=1), os.fdopen(stdout), os.fdopen(stderr)

    def poll(self) -> int | None:
        """None while it runs. What its status was, nobody asks."""
        try:
            os.kill(self.pid, 0)
        except ProcessLookupError:
            return -1
        return None

    def wait(self, timeout: float) -> int:
        deadline = time.monotonic() + timeout
        while (status := self.poll()) is None:
            if time.monotonic() > deadline:
                raise subprocess.TimeoutExpired("Lambda worker", timeout)
            time.sleep(_PAUSE_SECONDS)
        return status

    def terminate(self) -> None:
        self._send(signal.SIGTERM)

    def kill(self) -> None:
        self._send(signal.SIGKILL)

    def _send(self, number: signal.Signals) -> None:
        with contextlib.suppress(ProcessLookupError):
            os.kill(self.pid, number)
