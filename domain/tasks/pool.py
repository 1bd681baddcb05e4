"""What workers do with tasks: take, submit, skip, decline, take back. One job's size makes no step slower.

A step reads what it needs, works out what follows and writes it in one go under the condition that nothing of it has
changed meanwhile; if something has, it looks again. So two workers never get in each other's way, a step that is
repeated because its answer was lost changes nothing, and a process that dies between two calls leaves all as it was.
"""

from __future__ import annotations

import random
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import islice
from typing import Any, TypeVar

from domain.tasks.jobs import finished, in_hand
from domain.tasks.model import (
    AGAIN,
    ANSWERABLE,
    Assignment,
    Changes,
    Job,
    TaskObject,
    Worker,
    WorkerState,
    changed,
    number_of,
    settled,
    with_gate,
)
from domain.tasks.parts import Answer, Lease
from domain.tasks.store import Conflict, GateClosed, TaskStore
from domain.tasks.trying import TaskGone, tried

_CONSIDERED = 20
"""So many objects are looked at together, and a worker gets any of them: two who ask at once seldom get the same."""
_LOOKS = 100
"""So many blocks are looked through in one step; whoever has found nothing in them goes on in the next step."""
_MOST_LENT = 1_000
_WALK_SECONDS = 60.0
_Result = TypeVar("_Result")
Content = dict[str, Any]
"""A form's values by their names."""
Read = Callable[[Job, TaskObject, Content], Content]


def _as_it_came(_job: Job, _item: TaskObject, content: Content) -> Content:
    return content


@dataclass
class TaskPool:
    """The tasks of all jobs. `clock` gives seconds since 1970, `pause` waits before another try.

    `ended` is told the name of a job whose last answer has come.
    """

    store: TaskStore
    clock: Callable[[], float]
    pause: Callable[[float], None]
    ended: Callable[[str], object]
    chance: random.Random = field(default_factory=random.Random)

    def take(self, job_name: str, worker: Worker) -> Assignment | None:
        """The worker's current task or the next one; None when there is none for this worker at present."""
        return tried(self, lambda: self._take(job_name, worker))

    def current(self, job_name: str, worker: Worker) -> Assignment | None:
        """The task in the worker's hands."""
        job, state, _ = self.store.look(job_name, worker.worker_id)
        if job is None or state is None or job.status not in ANSWERABLE:
            return None
        return self._held(job, state)

    def submit(self, job_name: str, task: str, worker: Worker, content: Content, read: Read = _as_it_came) -> None:
        """Records the answer; the same one once more changes nothing, another one replaces it. It counts even when its
        time is over, as long as nobody else has been given the worker's place.

        `read` makes of what came what is kept, given the job and the object; what it raises is passed on.

        Raises:
            TaskGone: it does not count.
        """
        tried(self, lambda: self._submit(job_name, task, worker, lambda job, item: read(job, item, content)))

    def skip(self, job_name: str, task: str, worker: Worker) -> None:
        """Gives it back for others; this worker gets it in this session only when nothing else is left. TaskGone."""
        tried(self, lambda: self._give_back(job_name, task, worker, for_good=False))

    def decline(self, job_name: str, task: str, worker: Worker) -> None:
        """Gives it back for others; this worker never gets it again. TaskGone."""
        tried(self, lambda: self._give_back(job_name, task, worker, for_good=True))

    def undo(self, job_name: str, worker: Worker) -> Assignment | None:
        """The worker's last answer as a task once more; the task in hand goes back. None: it is too late.

        The answer holds until another one comes, or the task is skipped or declined.
        """
        return tried(self, lambda: self._undo(job_name, worker))

    def _end_if_done(self, job: Job) -> None:
        """When enough objects have their answers the job takes no more, and whoever waits is told."""
        if job.status in ANSWERABLE and finished(self.store, job.name) >= job.wanted:
            self.ended(job.name)

    # -- one try of each -----------------------------------------------------------------------------------------------

    def _take(self, job_name: str, worker: Worker) -> Assignment | None:
        job, state, _ = self._at_work(job_name, worker)
        held = self._held(job, state)
        if held is not None or job.status != "InProgress":
            return held
        if state.task is not None:
            state = self._release(job, state)
        if state.round < job.round:  # objects that were done have come back to their blocks
            state = state.model_copy(update={"block": job.first_block, "round": job.round})
        return self._next(job, state, worker)

    def _next(self, job: Job, state: WorkerState, worker: Worker) -> Assignment | None:
        reached = min(job.blocks, state.block + _LOOKS)
        for place in range(state.block, reached):
            found, empty = self.store.open_in(job.name, place, page=_CONSIDERED), True
            while part := list(islice(found, _CONSIDERED)):
                empty = False
                choice = self._choice([item for item in part if _may(item, worker)])
                if choice is not None:
                    return self._lend(job, choice, state.model_copy(update={"block": place}), again=False)
            if empty and place == job.first_block:
                job = self._pass_block(job)
        state = state.model_copy(update={"block": reached})
        if reached < job.blocks:
            self.store.write(Changes(job.name, worker=state), self.clock())
            return None
        return self._returned(job, state, worker, self.clock())

    def _returned(self, job: Job, state: WorkerState, worker: Worker, now: float) -> Assignment | None:
        """Of those that came back: one that is new to the worker, or else one that she has skipped."""
        fresh, skipped = [], []
        for item in islice(self.store.open_in(job.name, AGAIN, now), _MOST_LENT):
            ready = settled(item, now)
            if ready.complete:
                self._settle(job, item, ready, now)
            elif _may(ready, worker):
                fresh.append(item)
            elif _may(ready, worker, though_skipped=True):
                skipped.append(item)
            if len(fresh) == _CONSIDERED:
                break
        choice = self._choice(fresh) or self._choice(skipped)
        if choice is not None:
            return self._lend(job, choice, state, again=choice not in fresh)
        if now - state.walked > _WALK_SECONDS:  # the index may have been late when she came by
            again = state.model_copy(update={"block": 0, "walked": now})
            self.store.write(Changes(job.name, worker=again), now)
        return None

    def _lend(self, job: Job, item: TaskObject, state: WorkerState, *, again: bool) -> Assignment:
        now = self.clock()
        lease = Lease(task=_task(item.number), accepted=now, expires=now + job.seconds, again=again)
        ready = settled(item, now)
        lent = changed(ready, leases={**ready.leases, state.worker: lease})
        holder = state.model_copy(update={"task": lease.task, "seen": now})
        self._write(job, with_gate(Changes(job.name, worker=holder), item, lent), now)
        return _assignment(job, item, lease)

    def _submit(self, job_name: str, task: str, worker: Worker, read: Callable[[Job, TaskObject], Content]) -> None:
        job, state, item = self._at_task(job_name, worker, task)
        given = item.answers.get(worker.worker_id)
        if given is not None and given.task == task:
            return self._once_more(job, item, given, worker, read(job, item))
        lease, now, before = item.leases.get(worker.worker_id), self.clock(), item
        if lease is None or lease.task != task:
            item, lease = self._late(item, state, task, now)
        if job.status not in ANSWERABLE:
            raise TaskGone("The job has ended, so this answer does not count any more.")
        # Not before it is hers: what is wrong with an answer tells of the object.
        answer = Answer(content=read(job, item), task=task, accepted=lease.accepted, submitted=now)
        leases = {key: value for key, value in item.leases.items() if key != worker.worker_id}
        after = changed(item, answers={**item.answers, worker.worker_id: answer}, leases=leases)
        fields: dict[str, object] = {"last": item.number, "answered": state.answered + (given is None), "seen": now}
        if state.task == task:
            fields["task"] = None
        return self._write(
            job, with_gate(Changes(job_name, worker=state.model_copy(update=fields)), before, after), now
        )

    def _once_more(self, job: Job, item: TaskObject, given: Answer, worker: Worker, content: Content) -> None:
        """The worker may have chosen anew, since nobody told her that it was taken; nor may anybody know of the end.
        An answer under review stays what the reviewer sees."""
        if given.content != content and item.review is None:
            answer = given.model_copy(update={"content": content})
            after = changed(item, answers={**item.answers, worker.worker_id: answer})
            self._write(job, with_gate(Changes(item.job), item, after), self.clock())
        self._end_if_done(job)

    def _late(self, item: TaskObject, state: WorkerState, task: str, now: float) -> tuple[TaskObject, Lease]:
        """For an answer after its time, whose place was given up: it counts if nobody needs the place."""
        ready = settled(item, now)
        free = ready.wanted > 0 and state.worker not in {*ready.answers, *ready.leases, *ready.declined}
        if state.task != task or not free:
            raise TaskGone("This task is no longer yours: it was done, given back, or its time ran out.")
        return ready, Lease(task=task, accepted=state.seen, expires=now)

    def _give_back(self, job_name: str, task: str, worker: Worker, *, for_good: bool) -> None:
        job, state, item = self._at_task(job_name, worker, task)
        lease, me, now = item.leases.get(worker.worker_id), worker.worker_id, self.clock()
        if lease is None or lease.task != task:
            if self._was_given_back(item, state, worker, for_good=for_good):
                return  # the answer to the first try was lost
            raise TaskGone("This task is no longer yours: it was done, given back, or its time ran out.")
        fields: dict[str, object] = {"leases": _without(item.leases, me), "answers": _without(item.answers, me)}
        counted: dict[str, object] = {"task": None, "seen": now, "answered": state.answered - lease.revises}
        if for_good:
            fields["declined"], counted["declined"] = item.declined | {me}, state.declined + 1
        else:
            fields["skipped"], counted["skipped"] = {**item.skipped, me: worker.session}, state.skipped + 1
        after = changed(item, moved=True, **fields)
        self._write(job, with_gate(Changes(job_name, worker=state.model_copy(update=counted)), item, after), now)

    def _was_given_back(self, item: TaskObject, state: WorkerState, worker: Worker, *, for_good: bool) -> bool:
        me = worker.worker_id
        gone = me in item.declined if for_good else item.skipped.get(me) == worker.session
        return gone and me not in {*item.leases, *item.answers} and state.task is None

    def _undo(self, job_name: str, worker: Worker) -> Assignment | None:
        job, state, _ = self._at_work(job_name, worker)
        item = self.store.find(job_name, state.last) if state.last is not None else None
        earlier = item.answers.get(worker.worker_id) if item else None
        if item is None or earlier is None or item.review is not None or job.status not in ANSWERABLE:
            return None
        if state.task is not None:
            state = self._release(job, state)
        now = self.clock()
        lease = Lease(task=_task(item.number), accepted=now, expires=now + job.seconds, revises=True)
        after = changed(item, leases={**item.leases, worker.worker_id: lease}, moved=True)
        holder = state.model_copy(update={"task": lease.task, "last": None, "seen": now})
        try:
            self._write(job, with_gate(Changes(job_name, worker=holder), item, after), now)
        except GateClosed:
            return None
        return _assignment(job, item, lease, earlier)

    # -- what several of them need -------------------------------------------------------------------------------------

    def _at_work(
        self, job_name: str, worker: Worker, number: int | None = None
    ) -> tuple[Job, WorkerState, TaskObject | None]:
        job, state, item = self.store.look(job_name, worker.worker_id, number)
        if job is None:
            raise TaskGone(f"There is no job {job_name}.")
        new = WorkerState(
            job=job_name, worker=worker.worker_id, email=worker.email, block=job.first_block, round=job.round
        )
        return job, state or new, item

    def _at_task(self, job_name: str, worker: Worker, task: str) -> tuple[Job, WorkerState, TaskObject]:
        job, state, item = self._at_work(job_name, worker, number_of(task))
        if item is None:
            raise TaskGone(f"There is no task {task!r}.")
        return job, state, item

    def _held(self, job: Job, state: WorkerState) -> Assignment | None:
        item, lease = in_hand(self.store, state) or (None, None)
        if item is None or lease is None or lease.expires <= self.clock():
            return None
        return _assignment(job, item, lease, item.answers.get(state.worker))

    def _release(self, job: Job, state: WorkerState) -> WorkerState:
        """Gives back what the worker held; an answer that was to be replaced holds. The worker as she is then kept."""
        now, held = self.clock(), in_hand(self.store, state)
        free = state.model_copy(update={"task": None, "seen": now})
        changes = Changes(job.name, worker=free)
        if held is not None:
            item, _ = held
            after = changed(item, leases=_without(item.leases, state.worker), moved=True)
            changes = with_gate(changes, item, after)
        self._write(job, changes, now)
        return free.model_copy(update={"version": free.version + 1})

    def _settle(self, job: Job, item: TaskObject, ready: TaskObject, now: float) -> None:
        """Nobody thinks an answer of it over any more, so it counts as complete again."""
        try:
            self._write(job, with_gate(Changes(item.job), item, ready), now)
        except (Conflict, GateClosed):
            return  # somebody else did it, or the job is over

    def _pass_block(self, job: Job) -> Job:
        """Whoever comes new to the job need not look through blocks that are done."""
        further = job.model_copy(update={"first_block": job.first_block + 1})
        try:
            return self.store.save_job(further)
        except Conflict:  # somebody else did
            return further

    def _write(self, job: Job, changes: Changes, now: float) -> None:
        self.store.write(changes, now)
        if changes.finished > 0:
            self._end_if_done(job)

    def _choice(self, items: list[TaskObject]) -> TaskObject | None:
        return self.chance.choice(items[:_CONSIDERED]) if items else None


def _may(item: TaskObject, worker: Worker, *, though_skipped: bool = False) -> bool:
    """Whether this worker could be given the object; `item` has no lease that has ended."""
    me = worker.worker_id
    if item.wanted <= 0 or me in item.answers or me in item.leases or me in item.declined:
        return False
    return though_skipped or item.skipped.get(me) != worker.session


def _without(members: dict[str, _Result], key: str) -> dict[str, _Result]:
    return {name: value for name, value in members.items() if name != key}


def _assignment(job: Job, item: TaskObject, lease: Lease, earlier: Answer | None = None) -> Assignment:
    return Assignment(lease.task, job, item.number, item.source_ref, lease, earlier, item.given)


def _task(number: int) -> str:
    return f"{number}.{uuid.uuid4().hex}"
