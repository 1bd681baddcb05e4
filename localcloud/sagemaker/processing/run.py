"""A job from its first download to its last upload, on a thread of its own."""

from __future__ import annotations

import atexit
import logging
import os
import shutil
import signal
import tempfile
import threading
import time
from pathlib import Path
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from localcloud.clients import REGION
from localcloud.sagemaker import clock
from localcloud.sagemaker.outcomes import INTERNAL, Outcome
from localcloud.sagemaker.processing import events, role, transfer
from localcloud.sagemaker.processing.instance import Instance
from localcloud.sagemaker.store import LOCK, Record

_POLL_SECONDS = 0.05
_GRACE_SECONDS = 5.0  # from SIGTERM to SIGKILL; AWS gives 120
_LONGEST_MESSAGE = 1024
_LOG = logging.getLogger(__name__)
_ALIVE: set[JobRun] = set()


class JobRun:
    """`record` is what DescribeProcessingJob answers; it changes only under the store's lock."""

    def __init__(self, record: Record, outcome: Outcome) -> None:
        self._record = record
        self._outcome = outcome
        self._stop = threading.Event()
        self._instances: list[Instance] = []

    def start(self) -> None:
        _ALIVE.add(self)
        threading.Thread(target=self._run, name=self._record["ProcessingJobName"], daemon=True).start()

    def stop(self) -> None:
        self._stop.set()

    def kill(self) -> None:
        """End the processes at once: the server goes down."""
        for instance in self._instances:
            instance.signal(signal.SIGKILL)

    def _run(self) -> None:
        folder = Path(tempfile.mkdtemp(prefix="processing-job-"))
        try:
            events.status_changed(self._record)
            status, reason = self._work(folder)
        except Exception:  # noqa: BLE001  (whatever breaks the runner is the service's fault, not the job's)
            _LOG.exception("processing job %s", self._record["ProcessingJobName"])
            status, reason = "Failed", INTERNAL
        finally:
            for instance in self._instances:
                instance.close()
        message = "".join(_text(instance) for instance in self._instances)
        shutil.rmtree(folder, ignore_errors=True)
        self._end(status, reason, message)
        _ALIVE.discard(self)

    def _work(self, folder: Path) -> tuple[str, str | None]:
        """(final status, FailureReason)."""
        if self._stop.wait(self._outcome.delay * clock.scale()):
            return self._stopped()
        if self._outcome.reason:
            return "Failed", self._outcome.reason
        try:
            credentials = role.session(self._record["RoleArn"], self._record["ProcessingJobName"])
            s3 = role.s3(credentials)
            self._prepare(folder, s3)
            if self._stop.is_set():
                return self._stopped()
            self._start(credentials)
            status, reason = self._wait()
            self._upload(s3, whole=status == "Completed")
        except (transfer.TransferFailedError, ClientError, BotoCoreError, OSError) as error:
            text = str(error) if isinstance(error, transfer.TransferFailedError) else f"ClientError: {error}"
            return "Failed", text
        return status, reason

    def _prepare(self, folder: Path, s3: Any) -> None:
        count = self._record["ProcessingResources"]["ClusterConfig"]["InstanceCount"]
        hosts = [f"algo-{number}" for number in range(1, count + 1)]
        self._instances = [Instance(self._record, host, hosts, folder / host) for host in hosts]
        for item in self._record.get("ProcessingInputs", []):
            transfer.download(s3, item["S3Input"], [instance.folder for instance in self._instances])

    def _start(self, credentials: dict[str, str]) -> None:
        """Under network isolation the container has no credentials and no way to AWS."""
        isolated = self._record.get("NetworkConfig", {}).get("EnableNetworkIsolation", False)
        reach = {"AWS_ENDPOINT_URL": os.environ["AWS_ENDPOINT_URL"], "AWS_DEFAULT_REGION": REGION, **credentials}
        with LOCK:
            self._record.update(ProcessingStartTime=clock.now(), LastModifiedTime=clock.now())
        for instance in self._instances:
            instance.start({} if isolated else reach)

    def _wait(self) -> tuple[str, str | None]:
        """Until all instances succeeded, one failed, the job is stopped or its time is over."""
        deadline = time.monotonic() + self._record["StoppingCondition"]["MaxRuntimeInSeconds"]
        while True:
            codes = [instance.exit_code() for instance in self._instances]
            failed = next((number for number, code in enumerate(codes) if code), None)
            if failed is not None:
                return "Failed", _algorithm_error(_text(self._instances[failed]), codes[failed])
            if all(code == 0 for code in codes):
                return self._checked_messages()
            if time.monotonic() > deadline or self._stop.wait(_POLL_SECONDS):
                return self._stopped()

    def _checked_messages(self) -> tuple[str, str | None]:
        try:
            for instance in self._instances:
                instance.message()
        except UnicodeDecodeError:
            return "Failed", "ClientError: /opt/ml/output/message is not UTF-8 encoded"
        return "Completed", None

    def _stopped(self) -> tuple[str, str | None]:
        """Ask the containers to end, then make them; what they wrote for the end of the job is not uploaded."""
        with LOCK:
            self._record.update(ProcessingJobStatus="Stopping", LastModifiedTime=clock.now())
        events.status_changed(self._record)
        for instance in self._instances:
            instance.signal(signal.SIGTERM)
        limit = time.monotonic() + _GRACE_SECONDS
        while time.monotonic() < limit and any(instance.running() for instance in self._instances):
            time.sleep(_POLL_SECONDS)
        return "Stopped", None

    def _upload(self, s3: Any, *, whole: bool) -> None:
        """EndOfJob outputs appear only when every instance succeeded; Continuous ones hold what there was."""
        for item in self._record.get("ProcessingOutputConfig", {}).get("Outputs", []):
            if whole or item["S3Output"]["S3UploadMode"] == "Continuous":
                transfer.upload(s3, item["S3Output"], [instance.folder for instance in self._instances])

    def _end(self, status: str, reason: str | None, message: str) -> None:
        with LOCK:
            now = clock.now()
            self._record.update(ProcessingJobStatus=status, ProcessingEndTime=now, LastModifiedTime=now)
            if message:
                self._record["ExitMessage"] = _cut(message)
            if reason:
                self._record["FailureReason"] = _cut(reason)
        events.status_changed(self._record)


def _algorithm_error(message: str, code: int | None) -> str:
    """Without the container's message: that is the ExitMessage, and the reason then only points to the logs.

    Both as AWS's own integration test of a failing job reads them (aws/sagemaker-spark-container,
    test/integration/sagemaker/test_spark.py); without a message there is the exit code.
    """
    return "AlgorithmError: See job logs for more information" if message else f"AlgorithmError: , exit code: {code}"


def _text(instance: Instance) -> str:
    try:
        return instance.message()
    except UnicodeDecodeError:
        return ""


def _cut(text: str) -> str:
    """The first 1 KB, in whole characters."""
    return text.encode()[:_LONGEST_MESSAGE].decode(errors="ignore")


@atexit.register
def stop_all() -> None:
    """No process of a job outlives the server."""
    for run in list(_ALIVE):
        run.kill()
