"""Starting and stopping the local cloud from the project's environment. Imports nothing of ministack."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path
from types import TracebackType
from typing import Any, Self

PROJECT = Path(__file__).resolve().parents[2]
_INTERPRETER = PROJECT / ".venv-localcloud" / "bin" / "python"
_START_SECONDS = 60.0
_STOP_SECONDS = 15.0
_TAIL_LINES = 40
IAM, RECORD_IAM = "KEMPELEN_IAM", "KEMPELEN_RECORD_IAM"
"""Environment variables: any text enforces IAM; a folder is where it is recorded what IAM is asked."""
_OF_GROUND_TRUTH = (
    "CreateLabelingJob",
    "CreateWorkforce",
    "CreateWorkteam",
    "DescribeLabelingJob",
    "DescribeWorkteam",
    "ListLabelingJobs",
    "ListWorkforces",
    "ListWorkteams",
    "StopLabelingJob",
)


class LocalCloudError(RuntimeError):
    """The local cloud did not start, has ended, or is running already."""


class LocalCloud:
    """The local cloud as a process of its own, with `state` as its folder (log, ready.json, temporary files).

    With `keep` it begins with what the last one with `keep` in this folder had. With `iam` it refuses what the deployed
    policies do not allow; into the folder `record_iam` it writes what IAM is asked, call by call. Where they are not
    given, KEMPELEN_IAM and KEMPELEN_RECORD_IAM are taken.
    As a context manager it starts and stops. After `start`: `endpoint` and `portal` are its addresses.
    """

    def __init__(
        self,
        state: Path | str,
        *,
        time_scale: float | None = None,
        python: Path | str | None = None,
        keep: bool = False,
        iam: bool | None = None,
        record_iam: Path | str | None = None,
    ) -> None:
        self._state = Path(state).resolve()
        self._python = str(python or sys.executable)
        self._time_scale = time_scale
        self._keep = keep
        self._iam = bool(os.environ.get(IAM)) if iam is None else iam
        self._recording = record_iam or os.environ.get(RECORD_IAM)
        self._process: subprocess.Popen[bytes] | None = None
        self.endpoint = ""
        self.portal = ""

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    @property
    def log(self) -> Path:
        return self._state / "localcloud.log"

    def start(self) -> None:
        """Start and wait until it answers.

        Raises LocalCloudError when one runs already in this folder, when it ends, and when it takes longer than a
        minute; the message then has the end of its log.
        """
        running = running_in(self._state)
        if running:
            raise LocalCloudError(
                f"a local cloud runs in {self._state} already (process {running['pid']}): stop it first"
            )
        if not _INTERPRETER.exists():
            raise LocalCloudError(f"{_INTERPRETER} is missing: run `make setup`")
        self._state.mkdir(parents=True, exist_ok=True)
        self._ready_file.unlink(missing_ok=True)
        command = [str(_INTERPRETER), "-m", "localcloud.server", "--state", str(self._state), "--python", self._python]
        command += ["--keep"] if self._keep else []
        command += ["--iam"] if self._iam else []
        command += ["--record-iam", str(Path(self._recording).resolve())] if self._recording else []
        with self.log.open("wb") as log:
            self._process = subprocess.Popen(  # noqa: S603  (our own interpreter and module)
                command,
                cwd=PROJECT,
                env=self._server_environment(),
                stdin=subprocess.PIPE,  # never written to: it ends when this process does, however that happens
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        try:
            ready = self._wait_until_ready()
        except BaseException:
            self.stop()
            raise
        self.endpoint, self.portal = ready["endpoint"], ready["portal"]

    def stop(self) -> None:
        """End the server with its Lambda workers and jobs, and remove its temporary files. Twice is no error."""
        if self._process is None:
            return
        self._process.terminate()
        try:
            self._process.wait(_STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        if self._process.stdin:
            self._process.stdin.close()
        # The server leads a process group of its own, so nothing that it started outlives it.
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process = None
        self._ready_file.unlink(missing_ok=True)
        shutil.rmtree(self._state / "tmp", ignore_errors=True)

    def environment(self) -> dict[str, str]:
        """The variables with which any AWS client, the CDK CLI included, works on this local cloud only."""
        return {
            "AWS_ENDPOINT_URL": self.endpoint,
            "AWS_ACCESS_KEY_ID": "local",
            "AWS_SECRET_ACCESS_KEY": "local",
            "AWS_REGION": "us-east-1",
            "AWS_DEFAULT_REGION": "us-east-1",
            "AWS_CONFIG_FILE": os.devnull,
            "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
            "AWS_EC2_METADATA_DISABLED": "true",
            # The CDK CLI remembers account ids per access key: nobody else has these.
            "CDK_HOME": str(self._state / "cdk-home"),
            "CDK_DISABLE_CLI_TELEMETRY": "true",
            "CDK_DEFAULT_ACCOUNT": "000000000000",
            "CDK_DEFAULT_REGION": "us-east-1",
            "NODE_PATH": str(PROJECT / "node_modules"),
            "NO_PROXY": "127.0.0.1,localhost",
            "no_proxy": "127.0.0.1,localhost",
        }

    def inventory(self) -> list[dict[str, str]]:
        """Every resource that exists now, as {"service", "type", "id"}; a fresh local cloud has none."""
        return list(self._request("GET", "inventory"))

    def inject_faults(self, rules: list[dict[str, Any]]) -> None:
        """Replace the fault plan: {"operation", "kind", "first", "count"}; see localcloud/sagemaker/faults.py."""
        self._request("POST", "faults", rules)

    def close_ground_truth(self) -> None:
        """From now on this is an account that Ground Truth is closed to; `inject_faults([])` opens it again.

        AWS does not document how its API refuses: here each call is denied, in the words of other services that AWS has
        closed.
        """
        self.inject_faults([{"operation": name, "kind": "closed", "count": 10**9} for name in _OF_GROUND_TRUTH])

    def plan_outcomes(self, rules: list[dict[str, Any]]) -> None:
        """Replace the plan of late failures and delays; see localcloud/sagemaker/outcomes.py."""
        self._request("POST", "outcomes", rules)

    def spend(self, budget: str, *, kind: str = "ACTUAL", threshold: float = 100) -> list[str]:
        """Let the budget tell that so many per cent of it are spent; the topics that were told."""
        told = self._request("POST", "budget", {"budget": budget, "type": kind, "threshold": threshold})
        return list(told["told"])

    def log_tail(self) -> str:
        lines = self.log.read_text(errors="replace").splitlines() if self.log.exists() else []
        return "\n".join(lines[-_TAIL_LINES:])

    @property
    def _ready_file(self) -> Path:
        return self._state / "ready.json"

    def _server_environment(self) -> dict[str, str]:
        scale = {} if self._time_scale is None else {"KEMPELEN_TIME_SCALE": str(self._time_scale)}
        return {**os.environ, **scale}

    def _wait_until_ready(self) -> dict[str, Any]:
        deadline = time.monotonic() + _START_SECONDS
        while time.monotonic() < deadline:
            if self._process is None or self._process.poll() is not None:
                raise LocalCloudError(f"the local cloud ended while starting. End of {self.log}:\n{self.log_tail()}")
            if self._ready_file.exists():
                return dict(json.loads(self._ready_file.read_text()))
            time.sleep(0.02)
        raise LocalCloudError(f"not ready after {_START_SECONDS:.0f} s. End of {self.log}:\n{self.log_tail()}")

    def _request(self, method: str, path: str, content: Any = None) -> Any:
        """Raises LocalCloudError with the server's message, or with the end of its log when it has crashed."""
        body = None if content is None else json.dumps(content).encode()
        request = urllib.request.Request(f"{self.endpoint}/_kempelen/{path}", data=body, method=method)  # noqa: S310
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        try:
            with opener.open(request, timeout=60) as response:
                return json.load(response)
        except urllib.error.HTTPError as error:
            raise LocalCloudError(f"{path}: {json.load(error).get('message')}") from error
        except OSError as error:
            raise LocalCloudError(
                f"no answer from {self.endpoint} ({error}). End of log:\n{self.log_tail()}"
            ) from error


def running_in(state: Path) -> dict[str, Any] | None:
    """ready.json of the local cloud that runs in this folder, if one does."""
    try:
        ready = dict(json.loads((state / "ready.json").read_text()))
        os.kill(int(ready["pid"]), 0)
    except (OSError, ValueError, KeyError):
        return None
    return ready
