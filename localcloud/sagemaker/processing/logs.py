"""Standard output and error of an instance, in CloudWatch Logs as SageMaker writes them."""

from __future__ import annotations

import logging
import queue
import threading
from contextlib import suppress
from typing import IO, Any

from botocore.exceptions import BotoCoreError, ClientError

from localcloud.clients import client
from localcloud.sagemaker import clock

GROUP = "/aws/sagemaker/ProcessingJobs"
_FLUSH_SECONDS = 0.5
_BATCH = 1000
_LONGEST = 250_000  # bytes that CloudWatch takes as one event, with room to spare
_LOG = logging.getLogger(__name__)


class LogStream:
    """The stream `<job>/<host>-<epoch seconds>`."""

    def __init__(self, job_name: str, host: str) -> None:
        self.name = f"{job_name}/{host}-{int(clock.now())}"

    def follow(self, output: IO[bytes]) -> None:
        """Read lines until the output ends; send them twice a second, so that a long job can be watched."""
        lines: queue.SimpleQueue[bytes | None] = queue.SimpleQueue()
        sender = threading.Thread(target=self._send_all, args=(lines,), daemon=True)
        sender.start()
        for line in output:
            lines.put(line)
        lines.put(None)
        sender.join()

    def _send_all(self, lines: queue.SimpleQueue[bytes | None]) -> None:
        self._create()
        batch: list[dict[str, Any]] = []
        going = True
        while going:
            try:
                line = lines.get(timeout=_FLUSH_SECONDS)
            except queue.Empty:
                batch = self._send(batch)
                continue
            going = line is not None
            if line is not None:
                text = line[:_LONGEST].decode("utf-8", "replace").rstrip("\r\n")
                batch.append({"timestamp": int(clock.now() * 1000), "message": text or " "})
            if len(batch) >= _BATCH or not going:
                batch = self._send(batch)

    def _create(self) -> None:
        logs = client("logs")
        with suppress(logs.exceptions.ResourceAlreadyExistsException):
            logs.create_log_group(logGroupName=GROUP)
        with suppress(logs.exceptions.ResourceAlreadyExistsException):
            logs.create_log_stream(logGroupName=GROUP, logStreamName=self.name)

    def _send(self, batch: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """Always answers an empty batch: lost log lines must not stop a job."""
        if batch:
            try:
                client("logs").put_log_events(logGroupName=GROUP, logStreamName=self.name, logEvents=batch)
            except (ClientError, BotoCoreError):
                _LOG.exception("%d lines of %s are lost", len(batch), self.name)
        return []
