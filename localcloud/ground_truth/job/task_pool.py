"""Who works on which data object of a labeling job: leases with a time limit, answers, skips and declines.

Pure: no AWS, no clock of its own. Every method takes `now` in seconds; the caller holds the job's lock.
"""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Worker:
    """A person of the workteam. `worker_id` is what worker responses name; `session` ends with the sign-out."""

    worker_id: str
    session: str
    identity: dict[str, str] = field(default_factory=dict, compare=False)


@dataclass(frozen=True)
class Assignment:
    """One object in the hands of one worker until `expires` (seconds, as `now`); `again`: who had skipped it before.

    `earlier` is the worker's own answer, which this task is to replace; unless it does, that one holds.
    """

    task_id: str
    index: int
    worker: Worker
    accepted: float
    expires: float
    again: bool = False
    earlier: Answer | None = None


@dataclass(frozen=True)
class Answer:
    """What a worker submitted: `content` is the form's value, {"<element name>": {…}}."""

    worker: Worker
    content: dict[str, Any]
    accepted: float
    submitted: float


class TaskPool:
    """The tasks of one job: `count` objects, each wanted by `workers_per_object` different workers."""

    def __init__(self, count: int, workers_per_object: int, seconds_per_task: float, concurrent: int = 1000) -> None:
        self._wanted = workers_per_object
        self._seconds = seconds_per_task
        self._concurrent = concurrent
        self._answers: list[list[Answer]] = [[] for _ in range(count)]
        self._leases: dict[str, Assignment] = {}
        self._declined: set[tuple[str, int]] = set()
        self._skipped: set[tuple[str, str, int]] = set()
        self._again: set[tuple[str, int]] = set()
        self._closed: set[int] = set()
        self._last: dict[str, int] = {}
        self._settled: set[int] = set()

    def take(self, worker: Worker, now: float) -> Assignment | None:
        """The worker's current task, or the next one, or None when there is none for this worker at present."""
        self.expire(now)
        for lease in self._leases.values():
            if lease.worker.worker_id == worker.worker_id:
                return lease
        index = next((index for index in self._released() if self._suits(worker, index)), None)
        if index is None:
            return None
        again = (worker.worker_id, index) in self._again
        lease = Assignment(uuid.uuid4().hex, index, worker, now, now + self._seconds, again)
        self._leases[lease.task_id] = lease
        return lease

    def lease(self, task_id: str, worker: Worker, now: float) -> Assignment | None:
        """The worker's own running assignment with this id; None when it expired, was given back or is another's."""
        self.expire(now)
        lease = self._leases.get(task_id)
        return lease if lease is not None and lease.worker.worker_id == worker.worker_id else None

    def submit(self, lease: Assignment, content: dict[str, Any], now: float) -> bool:
        """Record the answer; True when the object now has all the answers that it needs."""
        del self._leases[lease.task_id]
        answers = self._answers[lease.index]
        answers.append(Answer(lease.worker, content, lease.accepted, now))
        self._last[lease.worker.worker_id] = lease.index
        return len(answers) >= self._wanted

    def undoable(self, worker: Worker) -> bool:
        """Whether the worker's last answer can still be taken back."""
        index = self._last.get(worker.worker_id)
        return index is not None and index not in self._settled

    def undo(self, worker: Worker, now: float) -> Assignment | None:
        """The worker's last answer as a task once more; the task in hand is given back. None: it is too late."""
        self.expire(now)
        if not self.undoable(worker):
            return None
        index = self._last.pop(worker.worker_id)
        for lease in [lease for lease in self._leases.values() if lease.worker.worker_id == worker.worker_id]:
            del self._leases[lease.task_id]
        (answer,) = (one for one in self._answers[index] if one.worker.worker_id == worker.worker_id)
        self._answers[index].remove(answer)
        lease = Assignment(uuid.uuid4().hex, index, worker, now, now + self._seconds, earlier=answer)
        self._leases[lease.task_id] = lease
        return lease

    def held(self, now: float) -> set[int]:
        """Objects that wait: somebody may take back the last answer as long as the next task is in her hands."""
        self.expire(now)
        working = {lease.worker.worker_id for lease in self._leases.values()}
        revised = {lease.index for lease in self._leases.values() if lease.earlier}
        return revised | {index for worker_id, index in self._last.items() if worker_id in working}

    def settle(self, indices: Collection[int]) -> None:
        """These have their labels: nobody takes an answer back any more."""
        self._settled.update(indices)

    def keep_earlier_answers(self) -> None:
        """No task goes on: answers that were to be replaced hold."""
        for lease in list(self._leases.values()):
            self._give_up(lease)

    def _give_up(self, lease: Assignment) -> None:
        del self._leases[lease.task_id]
        if lease.earlier:
            self._answers[lease.index].append(lease.earlier)

    def _withdraw(self, lease: Assignment) -> None:
        """The worker wants neither the earlier answer nor another one, so the object is open again."""
        del self._leases[lease.task_id]
        if lease.earlier:
            self._closed.discard(lease.index)

    def skip(self, lease: Assignment) -> None:
        """Give the object back for others; this worker does not see it again before the next sign-in."""
        self._withdraw(lease)
        self._skipped.add((lease.worker.worker_id, lease.worker.session, lease.index))

    def decline(self, lease: Assignment) -> None:
        """Give the object back for others; this worker never sees it again."""
        self._withdraw(lease)
        self._declined.add((lease.worker.worker_id, lease.index))

    def offer_again(self, members: Collection[str], now: float) -> bool:
        """Whether skipped objects are now offered to those who skipped them, since no member has any other left."""
        self.expire(now)
        skippers = {(worker_id, index) for worker_id, _, index in self._skipped}
        others = ((member, index) for member in members for index in self._released() if self._may(member, index))
        if not skippers or self._leases or any(pair not in skippers for pair in others):
            return False
        self._again |= skippers
        self._skipped.clear()
        return True

    def exhausted(self, members: Collection[str], now: float) -> bool:
        """Whether no member may answer anything any more, now or later."""
        self.expire(now)
        return not self._leases and not any(
            self._may(member, index) for member in members for index in self._released()
        )

    def _may(self, worker_id: str, index: int) -> bool:
        """Whether the worker has neither answered nor declined the object, and it wants answers."""
        answered = any(answer.worker.worker_id == worker_id for answer in self._answers[index])
        wanted = len(self._answers[index]) < self._wanted
        return wanted and not answered and (worker_id, index) not in self._declined

    def expire(self, now: float) -> None:
        """Return the objects of workers who ran out of time to the pool."""
        for lease in [lease for lease in self._leases.values() if lease.expires <= now]:
            self._give_up(lease)

    def close(self, index: int) -> None:
        """Offer this object to nobody any more."""
        self._closed.add(index)

    def answers(self, index: int) -> list[Answer]:
        return list(self._answers[index])

    def answered(self) -> list[int]:
        """Objects with at least one answer."""
        return [index for index, answers in enumerate(self._answers) if answers]

    def closed(self, index: int) -> bool:
        return index in self._closed

    def done(self) -> bool:
        revised = any(lease.earlier for lease in self._leases.values())
        return len(self._closed) == len(self._answers) and not revised

    def _released(self) -> Iterator[int]:
        """The batch that is with the workers now: the first unfinished objects, MaxConcurrentTaskCount of them."""
        released = 0
        for index in range(len(self._answers)):
            if index in self._closed:
                continue
            if released == self._concurrent:
                return
            released += 1
            yield index

    def _suits(self, worker: Worker, index: int) -> bool:
        given = sum(1 for lease in self._leases.values() if lease.index == index)
        if given + len(self._answers[index]) >= self._wanted:
            return False
        if any(answer.worker.worker_id == worker.worker_id for answer in self._answers[index]):
            return False
        skipped = (worker.worker_id, worker.session, index) in self._skipped
        return not skipped and (worker.worker_id, index) not in self._declined

    def available(self, worker: Worker, now: float) -> int:
        """How many tasks the worker could take now."""
        self.expire(now)
        holds = sum(1 for lease in self._leases.values() if lease.worker.worker_id == worker.worker_id)
        return holds + sum(1 for index in self._released() if self._suits(worker, index))
