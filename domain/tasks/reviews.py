"""What reviewers do with objects whose answers are not sure enough: take, decide, skip, take back.

As `domain.tasks.pool`: a step is written in one go, under the condition that nothing of what it was made from has
changed. A reviewer gets the least sure object first, and nobody else has it meanwhile.
"""

from __future__ import annotations

import random
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import islice

from domain.tasks.jobs import finished, in_review, let_go
from domain.tasks.model import (
    ANSWERABLE,
    REVIEW,
    Changes,
    Job,
    TaskObject,
    Worker,
    WorkerState,
    number_of,
    with_gate,
)
from domain.tasks.parts import Decision, Lease, Review
from domain.tasks.pool import Content, Read
from domain.tasks.store import GateClosed, TaskStore
from domain.tasks.trying import TaskGone, tried

_LOOKED_AT = 1_000
_PAGE = 20
_GONE = "This review is no longer yours: it was decided, given back, or its time ran out."


@dataclass(frozen=True)
class Reviewing:
    """An object in a reviewer's hands; `earlier` is her own decision, which this is to replace."""

    task: str
    job: Job
    item: TaskObject
    review: Review
    lease: Lease
    undoable: bool = False

    @property
    def earlier(self) -> Decision | None:
        return self.review.decision


@dataclass
class ReviewQueue:
    """The reviews of all jobs; fields as those of `TaskPool`."""

    store: TaskStore
    clock: Callable[[], float]
    pause: Callable[[float], None]
    ended: Callable[[str], object]
    chance: random.Random = field(default_factory=random.Random)

    def waiting(self, job_name: str) -> int:
        """How many objects wait, those in somebody's hands included."""
        return self.store.count_open(job_name, REVIEW)

    def take(self, job_name: str, reviewer: Worker) -> Reviewing | None:
        """What the reviewer has in hand, or the next one; None when there is none for her at present."""
        return tried(self, lambda: self._take(job_name, reviewer))

    def current(self, job_name: str, reviewer: Worker) -> Reviewing | None:
        job, state, _ = self.store.look(job_name, reviewer.worker_id)
        return self._held(job, state) if job and state and job.status in ANSWERABLE else None

    def decide(
        self, job_name: str, task: str, reviewer: Worker, content: Content | None, comment: str, read: Read
    ) -> None:
        """Records the decision; `content` is the form's value, or None: no label fits. The same one once more changes
        nothing, another one replaces it. `read` as in `TaskPool.submit`.

        Raises:
            TaskGone: it does not count.
        """
        tried(self, lambda: self._decide(job_name, task, reviewer, content, comment, read))

    def skip(self, job_name: str, task: str, reviewer: Worker) -> None:
        """Gives it back; this reviewer gets it in this session only when nothing else is left. TaskGone."""
        tried(self, lambda: self._skip(job_name, task, reviewer))

    def undo(self, job_name: str, reviewer: Worker) -> Reviewing | None:
        """The reviewer's last decision once more; it holds until another one comes or it is skipped. None: too late."""
        return tried(self, lambda: self._undo(job_name, reviewer))

    # -- one try of each -----------------------------------------------------------------------------------------------

    def _take(self, job_name: str, reviewer: Worker) -> Reviewing | None:
        job, state, _ = self._look(job_name, reviewer)
        held = self._held(job, state)
        if held is not None or job.status != "InProgress":
            return held
        if let_go(self.store, state, self.clock()):  # before another task takes its place in her hands
            self._end_if_done(job)
        skipped = None
        for item in islice(self.store.open_in(job_name, REVIEW, page=_PAGE), _LOOKED_AT):
            review = item.review
            if review is None or _is_held(review, self.clock()):
                continue
            if review.decision is not None:
                self._let_go(job, item, review)  # thought over for too long: the decision holds
            elif review.skipped.get(reviewer.worker_id) != reviewer.session:
                return self._lend(job, item, review, state)
            else:
                skipped = skipped or item
        if skipped is None or skipped.review is None:
            return None
        return self._lend(job, skipped, skipped.review, state, again=True)

    def _lend(
        self, job: Job, item: TaskObject, review: Review, state: WorkerState, *, again: bool = False
    ) -> Reviewing:
        now, mine = self.clock(), review.decision is not None
        lease = Lease(task=_task(item.number), accepted=now, expires=now + job.seconds, revises=mine, again=again)
        lent = review.model_copy(update={"holder": state.worker, "lease": lease})
        holder = state.model_copy(update={"review": lease.task, "seen": now, **({"last_review": None} if mine else {})})
        self._write(job, item, lent, holder)
        return Reviewing(lease.task, job, item, lent, lease, holder.last_review is not None)

    def _decide(
        self, job_name: str, task: str, reviewer: Worker, content: Content | None, comment: str, read: Read
    ) -> None:
        job, state, item, review = self._at(job_name, task, reviewer)
        given, lease, now = review.decision, review.lease, self.clock()
        if given is not None and given.task == task and given.reviewer == reviewer.worker_id:
            kept = None if content is None else read(job, item, content)
            if (given.content, given.comment) != (kept, comment):
                again = given.model_copy(update={"content": kept, "comment": comment})
                self._write(job, item, review.model_copy(update={"decision": again}), state)
            return self._end_if_done(job)
        if lease is None or lease.task != task or job.status not in ANSWERABLE:
            raise TaskGone(_GONE if job.status in ANSWERABLE else "The job has ended, so this does not count any more.")
        decision = Decision(
            reviewer=reviewer.worker_id,
            content=None if content is None else read(job, item, content),
            comment=comment,
            task=task,
            accepted=lease.accepted,
            submitted=now,
        )
        decided = review.model_copy(update={"decision": decision, "holder": "", "lease": None})
        fields: dict[str, object] = {"last_review": item.number, "reviewed": state.reviewed + (given is None)}
        if state.review == task:
            fields["review"] = None
        return self._write(job, item, decided, state.model_copy(update={**fields, "seen": now}))

    def _skip(self, job_name: str, task: str, reviewer: Worker) -> None:
        job, state, item, review = self._at(job_name, task, reviewer)
        if review.lease is None or review.lease.task != task:
            if review.skipped.get(reviewer.worker_id) == reviewer.session and state.review is None:
                return  # the answer to the first try was lost
            raise TaskGone(_GONE)
        fields = {
            "holder": "",
            "lease": None,
            "decision": None,
            "skipped": {**review.skipped, reviewer.worker_id: reviewer.session},
        }
        free = {"review": None, "seen": self.clock(), "reviewed": state.reviewed - review.lease.revises}
        self._write(job, item, review.model_copy(update=fields), state.model_copy(update=free))

    def _undo(self, job_name: str, reviewer: Worker) -> Reviewing | None:
        job, state, item = self._look(job_name, reviewer)
        item = self.store.find(job_name, state.last_review) if state.last_review is not None else None
        review = item.review if item else None
        mine = review is not None and review.decision is not None and review.decision.reviewer == reviewer.worker_id
        if item is None or review is None or not mine or review.lease is not None or job.status not in ANSWERABLE:
            return None
        held = self._held(job, state)
        if held is not None:
            free = state.model_copy(update={"review": None})
            self._write(job, held.item, held.review.model_copy(update={"holder": "", "lease": None}), free)
            state = free.model_copy(update={"version": free.version + 1})
        try:
            return self._lend(job, item, review, state)
        except GateClosed:
            return None

    # -- what several of them need -------------------------------------------------------------------------------------

    def _look(
        self, job_name: str, reviewer: Worker, number: int | None = None
    ) -> tuple[Job, WorkerState, TaskObject | None]:
        job, state, item = self.store.look(job_name, reviewer.worker_id, number)
        if job is None:
            raise TaskGone(f"There is no job {job_name}.")
        new = WorkerState(job=job_name, worker=reviewer.worker_id, email=reviewer.email, block=job.first_block)
        return job, state or new, item

    def _at(self, job_name: str, task: str, reviewer: Worker) -> tuple[Job, WorkerState, TaskObject, Review]:
        job, state, item = self._look(job_name, reviewer, number_of(task))
        if item is None or item.review is None:
            raise TaskGone(f"There is no review {task!r}.")
        return job, state, item, item.review

    def _held(self, job: Job, state: WorkerState) -> Reviewing | None:
        item, lease = in_review(self.store, state) or (None, None)
        if item is None or item.review is None or lease is None or lease.expires <= self.clock():
            return None
        return Reviewing(lease.task, job, item, item.review, lease, state.last_review is not None)

    def _let_go(self, job: Job, item: TaskObject, review: Review) -> None:
        self._write(job, item, review.model_copy(update={"holder": "", "lease": None}), None)

    def _write(self, job: Job, item: TaskObject, review: Review, state: WorkerState | None) -> None:
        after = item.model_copy(update={"review": review})
        changes = with_gate(Changes(job.name, worker=state), item, after)
        self.store.write(changes, self.clock())
        if changes.finished > 0:
            self._end_if_done(job)

    def _end_if_done(self, job: Job) -> None:
        if job.status in ANSWERABLE and finished(self.store, job.name) >= job.wanted:
            self.ended(job.name)


def _is_held(review: Review, now: float) -> bool:
    return review.lease is not None and review.lease.expires > now


def _task(number: int) -> str:
    return f"{number}.{uuid.uuid4().hex}"
