"""One instance of a job: its folder in place of /opt/ml, its process in place of the container, its log stream."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

from localcloud.sagemaker.container_paths import mapped
from localcloud.sagemaker.processing.logs import LogStream
from localcloud.sagemaker.store import Record

_GUARD = Path(__file__).with_name("guard.py")
_SYSTEM_PATH = "/usr/local/bin:/usr/bin:/bin"
_CONFIG_MEMBERS = (
    "ProcessingJobArn",
    "ProcessingJobName",
    "AppSpecification",
    "Environment",
    "ProcessingInputs",
    "ProcessingOutputConfig",
    "ProcessingResources",
    "RoleArn",
    "StoppingCondition",
)


def interpreter() -> str:
    """The Python that stands for the image's: the server's option, else the server's own."""
    return os.environ.get("KEMPELEN_PYTHON") or sys.executable


class Instance:
    def __init__(self, record: Record, host: str, hosts: list[str], folder: Path) -> None:
        self.host = host
        self.folder = folder
        self._record = record
        self._process: subprocess.Popen[bytes] | None = None
        self._guard: subprocess.Popen[bytes] | None = None
        self._reader: threading.Thread | None = None
        self._write_config(hosts)

    def _write_config(self, hosts: list[str]) -> None:
        config, output = self.folder / "config", self.folder / "output"
        for path in (config, output, self.folder / "tmp"):
            path.mkdir(parents=True, exist_ok=True)
        resources = {"current_host": self.host, "hosts": hosts}
        (config / "resourceconfig.json").write_text(json.dumps(resources), encoding="utf-8")
        job = {name: self._record[name] for name in _CONFIG_MEMBERS if name in self._record}
        (config / "processingjobconfig.json").write_text(json.dumps(mapped(job, self.folder)), encoding="utf-8")
        for item in self._record.get("ProcessingOutputConfig", {}).get("Outputs", []):
            Path(mapped(item["S3Output"]["LocalPath"], self.folder)).mkdir(parents=True, exist_ok=True)

    def start(self, credentials: dict[str, str]) -> None:
        """Start the entry point in a process group of its own. Raises OSError when there is no such program."""
        specification = self._record["AppSpecification"]
        words = [*specification["ContainerEntrypoint"], *specification.get("ContainerArguments", [])]
        command = mapped(words, self.folder)
        if command[0] in ("python", "python3"):
            command[0] = interpreter()
        self._process = subprocess.Popen(  # noqa: S603  (running the caller's program is the purpose)
            command,
            cwd=self.folder,
            env=self._environment(credentials),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        self._guard = subprocess.Popen(  # noqa: S603  (our own script)
            [sys.executable, "-I", str(_GUARD), str(self._process.pid)], stdin=subprocess.PIPE, start_new_session=True
        )
        stream = LogStream(self._record["ProcessingJobName"], self.host)
        self._reader = threading.Thread(target=stream.follow, args=(self._process.stdout,), daemon=True)
        self._reader.start()

    def _environment(self, credentials: dict[str, str]) -> dict[str, str]:
        """Nothing of the server's own environment but what a container would have."""
        base = {
            "PATH": f"{Path(interpreter()).parent}:{_SYSTEM_PATH}",
            "HOME": str(self.folder / "tmp"),
            "TMPDIR": str(self.folder / "tmp"),
            "LANG": "C.UTF-8",
        }
        given: dict[str, Any] = mapped(self._record.get("Environment", {}), self.folder)
        return {**base, **credentials, **given}

    def running(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def exit_code(self) -> int | None:
        """None before the process has ended; after a signal 128 + its number, as a container reports it."""
        code = self._process.poll() if self._process else None
        return code if code is None or code >= 0 else 128 - code

    def signal(self, number: signal.Signals) -> None:
        """Signal the whole process group; without effect when it has ended."""
        if self._process:
            try:
                os.killpg(self._process.pid, number)
            except ProcessLookupError:
                return

    def close(self) -> None:
        """End what is left of the process group and wait until the log is written."""
        self.signal(signal.SIGKILL)
        if self._process:
            self._process.wait()
        if self._guard:
            with contextlib.suppress(BrokenPipeError):
                self._guard.communicate(b".", timeout=10)
        if self._reader:
            self._reader.join(timeout=10)

    def message(self) -> str:
        """What the container left in /opt/ml/output/message. Raises UnicodeDecodeError, which fails the job on AWS."""
        path = self.folder / "output" / "message"
        return path.read_bytes().decode("utf-8") if path.is_file() else ""
