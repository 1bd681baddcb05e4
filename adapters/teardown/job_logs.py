"""What processing jobs have logged: streams in a log group that the whole account shares."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from adapters.teardown.faults import translated
from adapters.teardown.pages import entries
from adapters.teardown.running import owned_job
from domain.errors import RequestRefused, ResourceInUse
from domain.teardown.plan import Item, Kind
from domain.teardown.scope import JOB_LOG_GROUP, Scope

_CONFIGURED = ("retentionInDays", "kmsKeyId", "metricFilterCount", "dataProtectionStatus", "deletionProtectionEnabled")
"""What SageMaker never sets: somebody did, and SageMaker would not make the group anew like that."""


class JobLogs:
    """Streams of the stage's processing jobs, and their group once nobody else's streams are in it."""

    def __init__(self, logs: Any, sagemaker: Any, scope: Scope) -> None:
        self._logs = logs
        self._sagemaker = sagemaker
        self._scope = scope

    def streams(self) -> Iterator[Item]:
        """Streams `<job>/<host>-<epoch>` of our jobs; tags are asked for once a job, as late as possible."""
        if self._scope.retain:
            return
        owned: dict[str, bool] = {}
        for stream in self._streams(logStreamNamePrefix=self._scope.job_name_prefix):
            name = stream["logStreamName"]
            job, slash, _ = name.partition("/")
            if slash and job not in owned:
                owned[job] = self._owns(job, stream["arn"])
            if owned.get(job):
                yield Item(Kind.LOG_STREAM, name, "", {"logGroupName": JOB_LOG_GROUP, "logStreamName": name})

    def _owns(self, job: str, stream_arn: str) -> bool:
        """SageMaker says "validation" of a job that is gone. Whose it was nobody knows, so its streams stay."""
        partition, _, region, account = stream_arn.split(":")[1:5]
        job_arn = f"arn:{partition}:sagemaker:{region}:{account}:processing-job/{job.lower()}"
        try:
            return owned_job(self._sagemaker, self._scope, job, job_arn)
        except RequestRefused:
            return False

    def group(self) -> Iterator[Item]:
        """The group while it is empty and as SageMaker made it; SageMaker makes it anew for the next job."""
        if self._scope.retain:
            return
        for group in entries(self._logs, "describe_log_groups", "logGroups", logGroupNamePrefix=JOB_LOG_GROUP):
            configured = any(group.get(member) for member in _CONFIGURED)
            if group["logGroupName"] == JOB_LOG_GROUP and not configured and self._is_empty():
                yield Item(Kind.LOG_GROUP, JOB_LOG_GROUP, "", {"logGroupName": JOB_LOG_GROUP})

    def _is_empty(self) -> bool:
        return next(self._streams(limit=1), None) is None

    def _streams(self, **request: Any) -> Iterator[dict[str, Any]]:
        return entries(self._logs, "describe_log_streams", "logStreams", logGroupName=JOB_LOG_GROUP, **request)

    def delete_stream(self, item: Item) -> None:
        with translated("delete_log_stream"):
            self._logs.delete_log_stream(**item.address)

    def delete_group(self, item: Item) -> None:
        """Looks into it once more: since it was listed, somebody else's job may have begun to write."""
        if not self._is_empty():
            raise ResourceInUse(f"{JOB_LOG_GROUP} has streams again")
        with translated("delete_log_group"):
            self._logs.delete_log_group(**item.address)
