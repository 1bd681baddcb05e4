"""What runs: schedules, executions, labeling jobs and processing jobs."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from adapters.aws_errors import says_closed
from adapters.teardown.faults import translated
from adapters.teardown.pages import entries
from domain.errors import AccessDenied, NotFound, RequestRefused
from domain.teardown.plan import Item, Kind
from domain.teardown.scope import Scope


class Schedules:
    """The schedules of the stage's own group."""

    def __init__(self, scheduler: Any, scope: Scope) -> None:
        self._scheduler = scheduler
        self._group = scope.schedule_group

    def items(self) -> Iterator[Item]:
        if self._group is None:
            return
        for schedule in entries(self._scheduler, "list_schedules", "Schedules", GroupName=self._group):
            if schedule.get("GroupName", self._group) == self._group:
                name = schedule["Name"]
                yield Item(Kind.SCHEDULE, f"{self._group}/{name}", "", {"Name": name, "GroupName": self._group})

    def delete(self, item: Item) -> None:
        with translated("delete_schedule"):
            self._scheduler.delete_schedule(**item.address)


class Executions:
    """Running executions of the stage's state machines, without those of the teardown's own machine.

    Those that start others are stopped first: one whose child was stopped under it would end as FAILED, with an alarm.
    """

    def __init__(self, stepfunctions: Any, scope: Scope) -> None:
        self._stepfunctions = stepfunctions
        self._machines = scope.state_machine_arns

    def items(self) -> Iterator[Item]:
        for turn, machine in enumerate(self._machines):
            yield from self._of(machine, turn)

    def _of(self, machine: str, turn: int) -> Iterator[Item]:
        listed = entries(
            self._stepfunctions, "list_executions", "executions", stateMachineArn=machine, statusFilter="RUNNING"
        )
        try:
            for execution in listed:
                name = f"{machine.rsplit(':', 1)[-1]}/{execution['name']}"
                address = {"executionArn": execution["executionArn"]}
                yield Item(Kind.EXECUTION, name, execution["status"], address, turn=turn)
        except NotFound:  # the machine itself is gone; the next one may exist
            return

    def delete(self, item: Item) -> None:
        with translated("stop_execution"):
            self._stepfunctions.stop_execution(
                **item.address, error="TornDown", cause="Kempelen's teardown stopped this execution."
            )


class LabelingJobs:
    """Labeling jobs of the stage that still run. A labeling job cannot be deleted, only stopped. There are none in an
    account to which Ground Truth is closed."""

    def __init__(self, sagemaker: Any, scope: Scope) -> None:
        self._sagemaker = sagemaker
        self._scope = scope

    def items(self) -> Iterator[Item]:
        try:
            yield from self._running()
        except (AccessDenied, RequestRefused) as error:
            if not says_closed(error):
                raise

    def _running(self) -> Iterator[Item]:
        for status in ("Initializing", "InProgress", "Stopping"):
            listed = entries(
                self._sagemaker,
                "list_labeling_jobs",
                "LabelingJobSummaryList",
                NameContains=self._scope.job_name_prefix,
                StatusEquals=status,
            )
            for job in listed:
                name = job["LabelingJobName"]
                if owned_job(self._sagemaker, self._scope, name, job["LabelingJobArn"]):
                    yield Item(Kind.LABELING_JOB, name, job["LabelingJobStatus"], {"LabelingJobName": name})

    def delete(self, item: Item) -> None:
        with translated("stop_labeling_job"):
            self._sagemaker.stop_labeling_job(**item.address)


class ProcessingJobs:
    """Processing jobs of the stage that still run."""

    def __init__(self, sagemaker: Any, scope: Scope) -> None:
        self._sagemaker = sagemaker
        self._scope = scope

    def items(self) -> Iterator[Item]:
        for status in ("InProgress", "Stopping"):
            listed = entries(
                self._sagemaker,
                "list_processing_jobs",
                "ProcessingJobSummaries",
                NameContains=self._scope.job_name_prefix,
                StatusEquals=status,
            )
            for job in listed:
                name = job["ProcessingJobName"]
                if owned_job(self._sagemaker, self._scope, name, job["ProcessingJobArn"]):
                    yield Item(Kind.PROCESSING_JOB, name, job["ProcessingJobStatus"], {"ProcessingJobName": name})

    def delete(self, item: Item) -> None:
        with translated("stop_processing_job"):
            self._sagemaker.stop_processing_job(**item.address)


def owned_job(sagemaker: Any, scope: Scope, name: str, arn: str) -> bool:
    """By name and tag; names that cannot be ours cost no request for tags."""
    if not name.startswith(scope.job_name_prefix):
        return False
    try:
        tags = {tag["Key"]: tag["Value"] for tag in entries(sagemaker, "list_tags", "Tags", ResourceArn=arn)}
    except NotFound:
        return False
    return scope.owns_job(name, tags)
