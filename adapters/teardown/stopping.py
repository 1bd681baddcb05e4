"""The cloud as the hard stop sees it: what runs, and schedules that are disabled rather than deleted."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from adapters.teardown.cloud import AwsCloud, Clients
from adapters.teardown.faults import translated
from adapters.teardown.pages import entries
from domain.teardown.plan import Item, Kind
from domain.teardown.scope import Scope
from domain.teardown.stopping import RUNNING, marked, unmarked

_NOT_TAKEN = ("Arn", "CreationDate", "LastModificationDate", "ResponseMetadata")
"""Of what GetSchedule gives; all else UpdateSchedule takes, and forgets what it is not given."""


class StoppingCloud(AwsCloud):
    """Implements `domain.teardown.step.Cloud` for what runs."""

    def __init__(self, clients: Clients, scope: Scope) -> None:
        super().__init__(clients, scope, RUNNING)
        schedules = EnabledSchedules(clients.scheduler, scope)
        self._lists = {**self._lists, Kind.SCHEDULE: lambda _: schedules.items()}
        self._deletes = {**self._deletes, Kind.SCHEDULE: schedules.disable}


class EnabledSchedules:
    """The schedules of the stage's own group that would start something."""

    def __init__(self, scheduler: Any, scope: Scope) -> None:
        self._scheduler = scheduler
        self._group = scope.schedule_group

    def items(self) -> Iterator[Item]:
        for name in self._named("ENABLED"):
            yield Item(Kind.SCHEDULE, f"{self._group}/{name}", "", {"Name": name, "GroupName": self._group})

    def disable(self, item: Item) -> None:
        """Raises AwsError."""
        schedule = self._get(str(item.address["Name"]))
        description = marked(schedule.get("Description", ""))
        self._update({**schedule, "State": "DISABLED", "Description": description})

    def enable_again(self) -> list[str]:
        """The names of those that the stop had disabled, enabled as they were. Raises AwsError."""
        enabled = []
        for name in list(self._named("DISABLED")):
            schedule = self._get(name)
            before = unmarked(schedule.get("Description", ""))
            if before is not None:
                rest = {key: value for key, value in schedule.items() if key != "Description"}
                self._update({**rest, "State": "ENABLED", **({"Description": before} if before else {})})
                enabled.append(name)
        return enabled

    def _named(self, state: str) -> Iterator[str]:
        if self._group is None:
            return
        for schedule in entries(self._scheduler, "list_schedules", "Schedules", GroupName=self._group):
            if schedule.get("State") == state and schedule.get("GroupName", self._group) == self._group:
                yield schedule["Name"]

    def _get(self, name: str) -> dict[str, Any]:
        with translated("get_schedule"):
            schedule = self._scheduler.get_schedule(Name=name, GroupName=self._group)
        return {key: value for key, value in schedule.items() if key not in _NOT_TAKEN}

    def _update(self, schedule: dict[str, Any]) -> None:
        with translated("update_schedule"):
            self._scheduler.update_schedule(**schedule)
