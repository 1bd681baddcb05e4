# ruff: noqa: N803 (parameters are named as boto3 names them)
"""CloudWatch Logs of an account, as far as SageMaker's processing jobs write to it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from domain.teardown.scope import JOB_LOG_GROUP
from tests.support.fakes.faults import client_error

REGION, ACCOUNT = "us-east-1", "000000000000"
Record = dict[str, Any]


def arn(service: str, path: str) -> str:
    return f"arn:aws:{service}:{REGION}:{ACCOUNT}:{path}"


@dataclass(kw_only=True)
class FakeLogs:
    """Groups by name, and the streams of each by name."""

    log_groups: dict[str, Record] = field(default_factory=dict)
    log_streams: dict[str, dict[str, Record]] = field(default_factory=dict)

    def write_log(self, job: str, host: str = "algo-1", **group: Any) -> None:
        """What SageMaker does for a job: it makes the group if there is none, and a stream for the host."""
        self.log_groups.setdefault(JOB_LOG_GROUP, {"logGroupName": JOB_LOG_GROUP, "metricFilterCount": 0}).update(group)
        stream = f"{job}/{host}-1700000000"
        path = f"log-group:{JOB_LOG_GROUP}:log-stream:{stream}"
        self.log_streams.setdefault(JOB_LOG_GROUP, {})[stream] = {"logStreamName": stream, "arn": arn("logs", path)}

    def streams_of(self, prefix: str) -> list[str]:
        """Names of the streams of jobs, by the beginning of the jobs' names."""
        return sorted(name for name in self.log_streams.get(JOB_LOG_GROUP, {}) if name.startswith(prefix))

    def describe_log_groups(self, logGroupNamePrefix: str) -> list[Record]:
        return [group for name, group in sorted(self.log_groups.items()) if name.startswith(logGroupNamePrefix)]

    def describe_log_streams(self, logGroupName: str, logStreamNamePrefix: str = "", limit: int = 50) -> list[Record]:
        streams = self._streams(logGroupName, "DescribeLogStreams")
        listed = [stream for name, stream in sorted(streams.items()) if name.startswith(logStreamNamePrefix)]
        return listed[:limit] if limit < 50 else listed

    def delete_log_stream(self, logGroupName: str, logStreamName: str) -> None:
        streams = self._streams(logGroupName, "DeleteLogStream")
        if logStreamName not in streams:
            raise client_error("ResourceNotFoundException", "DeleteLogStream")
        del streams[logStreamName]

    def delete_log_group(self, logGroupName: str) -> None:
        """AWS asks nothing: whatever streams are in the group go with it."""
        self._streams(logGroupName, "DeleteLogGroup")
        del self.log_groups[logGroupName]
        self.log_streams.pop(logGroupName, None)

    def _streams(self, group: str, operation: str) -> dict[str, Record]:
        if group not in self.log_groups:
            raise client_error("ResourceNotFoundException", operation)
        return self.log_streams.setdefault(group, {})
