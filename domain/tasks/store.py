"""Where the portal's jobs are kept: what `domain.tasks.pool` needs of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Protocol

from domain.errors import KempelenError
from domain.tasks.model import Changes, Gate, Job, TaskObject, WorkerState


class Conflict(KempelenError):  # noqa: N818 - never leaves the pool: somebody else was quicker, so it looks again
    """Nothing was written: something that the change was made from has changed since."""


class GateClosed(KempelenError):  # noqa: N818 - a job that is over takes no answer
    """Nothing was written: the job takes no vote any more."""


class TaskStore(Protocol):
    """Every method raises ServiceUnavailable where a retry may help."""

    def add_job(self, job: Job) -> bool:
        """Keeps a new job; False when there is one of this name."""
        ...

    def add_objects(self, job: Job, objects: Iterable[TaskObject]) -> None:
        """Keeps those that are not there yet, with open gates; an object that is there stays as it is."""
        ...

    def job(self, name: str) -> Job | None: ...

    def jobs(self) -> list[Job]: ...

    def save_job(self, job: Job) -> Job:
        """The job with its next version. Raises Conflict when it is not the version that was read."""
        ...

    def look(
        self, job: str, worker: str, number: int | None = None
    ) -> tuple[Job | None, WorkerState | None, TaskObject | None]:
        """Job, worker and the object of this number in one go."""
        ...

    def find(self, job: str, number: int) -> TaskObject | None: ...

    def objects(self, job: Job) -> Iterator[TaskObject]:
        """All of them, by number."""
        ...

    def workers(self, job: str) -> list[WorkerState]: ...

    def open_in(
        self, job: str, place: int | str, until: float | None = None, page: int | None = None
    ) -> Iterator[TaskObject]:
        """Objects that the index of open ones has at `place`, and if given not later than `until`. It may be late.

        `page`: so many are read at a time, and no more than are asked for.
        """
        ...

    def count_open(self, job: str, place: int | str) -> int:
        """How many objects the index has there. It may be late."""
        ...

    def write(self, changes: Changes, now: float) -> None:
        """All or nothing.

        Raises:
            Conflict: an object or the worker is not of the version that was read.
            GateClosed: the job takes no votes any more, and the change has some.
        """
        ...

    def gates(self, job: str) -> list[Gate]: ...

    def close_gates(self, job: str) -> None:
        """From now on no vote is taken; those taken before are all there to be read."""
        ...
