"""The cloud as teardown's step sees it: a table from kind to list and delete."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, fields
from typing import Any

from adapters.teardown.deadline import LOOKING, InTime, before_timeout
from adapters.teardown.job_logs import JobLogs
from adapters.teardown.running import Executions, LabelingJobs, ProcessingJobs, Schedules
from adapters.teardown.storage import HomeFileSystem, NfsGroups
from adapters.teardown.studio import Studio
from domain.errors import RequestRefused
from domain.teardown.plan import STUDIO, Item, Kind
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

    def until(self, in_time: Callable[[], bool]) -> Clients:
        """The same clients as long as there is time for a request; afterwards each refuses."""
        return Clients(*(InTime(getattr(self, one.name), in_time) for one in fields(self)))


class AwsCloud:
    """Implements `domain.teardown.step.Cloud` on AWS; of other kinds than `kinds` it sees nothing, nor any of
    Studio's where the stage has no domain of its own.

    `deleting`: the clients of deletions, if they have more time than those that look.
    """

    def __init__(
        self,
        clients: Clients,
        scope: Scope,
        kinds: Collection[Kind] = frozenset(Kind),
        deleting: Clients | None = None,
    ) -> None:
        self._kinds = frozenset(kinds) if scope.has_domain else frozenset(kinds) - STUDIO
        self._lists = _lists(_Parts(clients, scope))
        self._deletes = _deletes(_Parts(deleting or clients, scope))

    @classmethod
    def within(cls, remaining: Callable[[], int], clients: Clients, scope: Scope, kinds: Collection[Kind]) -> AwsCloud:
        """One that begins no request too late; `remaining`: milliseconds until the function that runs is cut off."""
        looking, deleting = before_timeout(remaining, LOOKING), before_timeout(remaining)
        return cls(clients.until(looking), scope, kinds, clients.until(deleting))

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


class _Parts:
    def __init__(self, clients: Clients, scope: Scope) -> None:
        self.studio, self.home = Studio(clients.sagemaker, scope), HomeFileSystem(clients.efs, scope)
        self.groups, self.schedules = NfsGroups(clients.ec2, scope), Schedules(clients.scheduler, scope)
        self.executions = Executions(clients.stepfunctions, scope)
        self.labeling = LabelingJobs(clients.sagemaker, scope)
        self.processing = ProcessingJobs(clients.sagemaker, scope)
        self.logs = JobLogs(clients.logs, clients.sagemaker, scope)


def _lists(parts: _Parts) -> Mapping[Kind, Callable[[str | None], Iterator[Item]]]:
    return {
        Kind.SCHEDULE: lambda _: parts.schedules.items(),
        Kind.EXECUTION: lambda _: parts.executions.items(),
        Kind.LABELING_JOB: lambda _: parts.labeling.items(),
        Kind.PROCESSING_JOB: lambda _: parts.processing.items(),
        Kind.APP: lambda _: parts.studio.apps(),
        Kind.SPACE: lambda _: parts.studio.spaces(),
        Kind.USER_PROFILE: lambda _: parts.studio.user_profiles(),
        Kind.DOMAIN: lambda _: parts.studio.domains(),
        Kind.ACCESS_POINT: parts.home.access_points,
        Kind.MOUNT_TARGET: parts.home.mount_targets,
        Kind.FILE_SYSTEM: parts.home.file_systems,
        Kind.SECURITY_GROUP_RULES: lambda _: parts.groups.rules(),
        Kind.SECURITY_GROUP: lambda _: parts.groups.groups(),
        Kind.LOG_STREAM: lambda _: parts.logs.streams(),
        Kind.LOG_GROUP: lambda _: parts.logs.group(),
    }


def _deletes(parts: _Parts) -> Mapping[Kind, Callable[[Item], None]]:
    return {
        Kind.SCHEDULE: parts.schedules.delete,
        Kind.EXECUTION: parts.executions.delete,
        Kind.LABELING_JOB: parts.labeling.delete,
        Kind.PROCESSING_JOB: parts.processing.delete,
        Kind.APP: parts.studio.delete_app,
        Kind.SPACE: parts.studio.delete_space,
        Kind.USER_PROFILE: parts.studio.delete_user_profile,
        Kind.DOMAIN: parts.studio.delete_domain,
        Kind.ACCESS_POINT: parts.home.delete_access_point,
        Kind.MOUNT_TARGET: parts.home.delete_mount_target,
        Kind.FILE_SYSTEM: parts.home.delete_file_system,
        Kind.SECURITY_GROUP_RULES: parts.groups.revoke,
        Kind.SECURITY_GROUP: parts.groups.delete,
        Kind.LOG_STREAM: parts.logs.delete_stream,
        Kind.LOG_GROUP: parts.logs.delete_group,
    }


def _whole(listed: Iterator[Item]) -> Iterator[Item]:
    """botocore's models promise no member of an answer: an entry without what we need must not end the whole step."""
    try:
        yield from listed
    except KeyError as missing:
        raise RequestRefused(f"AWS lists one without {missing.args[0]}") from missing
