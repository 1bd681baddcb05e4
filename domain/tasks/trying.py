"""A step with tasks is tried again where somebody else was quicker."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Protocol, TypeVar

from domain.errors import ServiceUnavailable
from domain.tasks.store import Conflict, GateClosed

_TRIES = 12
_Result = TypeVar("_Result")


class TaskGone(Exception):  # noqa: N818 - it is an answer to the worker
    """The task is no longer the worker's; the text says why."""


class Patient(Protocol):
    """Waits between two tries, by chance more or less."""

    chance: random.Random

    @property
    def pause(self) -> Callable[[float], None]: ...


def tried(who: Patient, step: Callable[[], _Result]) -> _Result:
    """What the step gives.

    Raises:
        TaskGone: the step says so, or the job takes nothing any more.
        ServiceUnavailable: somebody else was quicker each time.
    """
    for attempt in range(_TRIES):
        try:
            return step()
        except Conflict:  # noqa: PERF203 - that is what the loop is for
            who.pause(who.chance.uniform(0, min(0.01 * 2**attempt, 0.5)))
        except GateClosed as closed:
            raise TaskGone("The job has ended, so this does not count any more.") from closed
    raise ServiceUnavailable("too many people work on the same tasks at this moment; try again")
