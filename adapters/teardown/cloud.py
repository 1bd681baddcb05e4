"""The cloud as teardown's step sees it: a table from kind to list and delete."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from adapters.teardown.job_logs import JobLogs
from adapters.teardown.running import Executions, LabelingJobs, ProcessingJobs, Schedules
from adapters.teardown.storage import HomeFileSystem, NfsGroups
from adapters.teardown.studio import Studio
from domain.errors import RequestRefused
from domain.teardown.plan import Item, Kind
from domain.teardown.scope import Scope


@dataclass(frozen=True)
class Clients:
    """Clients of the services that teardown uses."""

    sagemaker: Any
    efs: Any
    ec2: Any
    scheduler: Any
    stepfunctions: Any
    logs: Any

    @classmethod
    def made_by(cls, client: Callable[[str], Any]) -> Clients:
        """`client` gives one for a service's name."""
        return cls(*map(client, ("sagemaker", "efs", "ec2", "scheduler", "stepfunctions", "logs")))


class AwsCloud:
    """Implements `domain.teardown.step.Cloud` on AWS; of other kinds than `kinds` it sees nothing."""

    def __init__(self, clients: Clients, scope: Scope, kinds: Collection[Kind] = frozenset(Kind)) -> None:
        self._kinds = kinds
        studio, home = Studio(clients.sagemaker, scope), HomeFileSystem(clients.efs, scope)
        groups, schedules = NfsGroups(clients.ec2, scope), Schedules(clients.scheduler, scope)
        executions = Executions(clients.stepfunctions, scope)
        labeling, processing = LabelingJobs(clients.sagemaker, scope), ProcessingJobs(clients.sagemaker, scope)
        logs = JobLogs(clients.logs, clients.sagemaker, scope)
        self._lists: Mapping[Kind, Callable[[str | None], Iterator[Item]]] = {
            Kind.SCHEDULE: lambda _: schedules.items(),
            Kind.EXECUTION: lambda _: executions.items(),
            Kind.LABELING_JOB: lambda _: labeling.items(),
            Kind.PROCESSING_JOB: lambda _: processing.items(),
            Kind.APP: lambda _: studio.apps(),
            Kind.SPACE: lambda _: studio.spaces(),
            Kind.USER_PROFILE: lambda _: studio.user_profiles(),
            Kind.DOMAIN: lambda _: studio.domains(),
            Kind.ACCESS_POINT: home.access_points,
            Kind.MOUNT_TARGET: home.mount_targets,
            Kind.FILE_SYSTEM: home.file_systems,
            Kind.SECURITY_GROUP_RULES: lambda _: groups.rules(),
            Kind.SECURITY_GROUP: lambda _: groups.groups(),
            Kind.LOG_STREAM: lambda _: logs.streams(),
            Kind.LOG_GROUP: lambda _: logs.group(),
        }
        self._deletes: Mapping[Kind, Callable[[Item], None]] = {
            Kind.SCHEDULE: schedules.delete,
            Kind.EXECUTION: executions.delete,
            Kind.LABELING_JOB: labeling.delete,
            Kind.PROCESSING_JOB: processing.delete,
            Kind.APP: studio.delete_app,
            Kind.SPACE: studio.delete_space,
            Kind.USER_PROFILE: studio.delete_user_profile,
            Kind.DOMAIN: studio.delete_domain,
            Kind.ACCESS_POINT: home.delete_access_point,
            Kind.MOUNT_TARGET: home.delete_mount_target,
            Kind.FILE_SYSTEM: home.delete_file_system,
            Kind.SECURITY_GROUP_RULES: groups.revoke,
            Kind.SECURITY_GROUP: groups.delete,
            Kind.LOG_STREAM: logs.delete_stream,
            Kind.LOG_GROUP: logs.delete_group,
        }

    def look(self, kind: Kind, home_file_system: str | None) -> Iterator[Item]:
        """The items of a kind in scope.

        Raises:
            AwsError: the list broke off.
        """
        return _whole(self._lists[kind](home_file_system)) if kind in self._kinds else iter(())

    def delete(self, item: Item) -> None:
        """Ask for the item's deletion.

        Raises:
            AwsError: by what AWS answered.
        """
        self._deletes[item.kind](item)


def _whole(listed: Iterator[Item]) -> Iterator[Item]:
    """botocore's models promise no member of an answer: an entry without what we need must not end the whole step."""
    try:
        yield from listed
    except KeyError as missing:
        raise RequestRefused(f"AWS lists one without {missing.args[0]}") from missing
