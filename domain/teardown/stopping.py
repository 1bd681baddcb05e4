"""Stopping what runs of a stage, without deleting what people made: teardown's steps over what costs by the hour.

A stopped labeling job keeps its answers, and what the execution that waited for it would have done with them is done by
the function that hears of its end. An app that is closed leaves files and models where they are.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from domain.teardown.plan import Kind
from domain.teardown.progress import Limits, Memory, Verdict
from domain.teardown.step import Cloud, Report, take_step

RUNNING = frozenset({Kind.SCHEDULE, Kind.EXECUTION, Kind.LABELING_JOB, Kind.PROCESSING_JOB, Kind.APP})
"""What is stopped: in teardown's order, so that nothing of ours starts again what was stopped before it."""

MARK = " [stopped: the budget is spent]"
"""At the end of a schedule's description, so that it alone is enabled again when the stage goes on."""
_LONGEST_DESCRIPTION = 512
"""https://docs.aws.amazon.com/scheduler/latest/APIReference/API_UpdateSchedule.html"""


@dataclass(frozen=True)
class Stopped:
    """`stopped`: names of what was asked to stop, `number` how many those are. `left`: what has not ended, with the
    reason; empty when everything has."""

    stopped: tuple[str, ...]
    number: int
    left: tuple[str, ...]

    @property
    def all_stopped(self) -> bool:
        return not self.left


def stop_all(
    cloud: Cloud,
    now: Callable[[], float],
    pause: Callable[[float], None],
    in_time: Callable[[], bool],
    limits: Limits,
) -> Stopped:
    """Step after step until two looks in a row find nothing that runs, nothing that is left can be stopped, or time is
    up. Doing it again stops what is left. `in_time`: whether another request may be started."""
    memory = Memory()
    while True:
        report = take_step(cloud, memory, now, limits, in_time)
        memory = report.memory
        if report.verdict is not Verdict.AGAIN or not in_time():
            return _stopped(report)
        pause(float(report.pause))


def _stopped(report: Report) -> Stopped:
    left = () if report.done else (*report.stuck, *report.waiting_for)
    told = tuple(f"{item['name']}: {item['reason']}" for item in left)
    if not report.done and not told and report.left:
        told = (f"{report.left} things were not looked at again",)
    return Stopped(report.memory.deleted, report.memory.deleted_count, told)


def marked(description: str) -> str:
    """The description of a schedule that the stop has disabled."""
    return description[: _LONGEST_DESCRIPTION - len(MARK)].removesuffix(MARK) + MARK


def unmarked(description: str) -> str | None:
    """The description as it was; None where the stop has not disabled the schedule."""
    return description.removesuffix(MARK) if description.endswith(MARK) else None
