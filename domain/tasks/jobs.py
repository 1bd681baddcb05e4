"""A portal's job from its start to its end: paused, resumed, stopped, finished. No step is in the way of another."""

from __future__ import annotations

from collections.abc import Callable

from domain.errors import ServiceUnavailable
from domain.tasks.model import OVER, Changes, Job, Status, TaskObject, WorkerState, number_of, with_gate
from domain.tasks.parts import Lease
from domain.tasks.store import Conflict, GateClosed, TaskStore

GRACE_SECONDS = 60.0
"""What a worker has in hand when a job is stopped may still be answered for so long."""
_TRIES = 10
_LOOK_SECONDS = 1.0


def change(store: TaskStore, name: str, made: Callable[[Job], Job | None]) -> Job | None:
    """The job after `made`, or as it was where that gives None; None when there is no such job."""
    for _ in range(_TRIES):
        job = store.job(name)
        after = made(job) if job else None
        if job is None or after is None:
            return job
        try:
            return store.save_job(after)
        except Conflict:
            continue
    raise ServiceUnavailable(f"job {name} changes all the time; try again")


def pause(store: TaskStore, name: str) -> Job | None:
    """Nobody gets a new task; what people have in hand they may answer."""
    return change(store, name, lambda job: _as(job, "Paused") if job.status == "InProgress" else None)


def resume(store: TaskStore, name: str) -> Job | None:
    return change(store, name, lambda job: _as(job, "InProgress") if job.status == "Paused" else None)


def stop(store: TaskStore, name: str, now: float) -> bool:
    """Whether there was something to stop. Nobody gets a new task; `settle` ends it once the grace is over."""
    stopped = False

    def stopping(job: Job) -> Job | None:
        nonlocal stopped
        stopped = job.status in ("Initializing", "InProgress", "Paused", "Answered")
        fields = {"status": "Stopping", "stops": now + GRACE_SECONDS}
        return job.model_copy(update=fields) if stopped else None

    change(store, name, stopping)
    return stopped


def settle(store: TaskStore, name: str, now: float) -> Job | None:
    """Ends the job if it is over by now: every object answered, nobody at work on a stopped one, or out of time.

    A job that asks again is `Answered` first: whoever waits for it looks which objects are not sure enough. A decision
    that was thought over for too long holds, though its reviewer never comes back.
    """
    job = store.job(name)
    if job is None or job.status in OVER:
        return job
    if job.status == "Initializing":
        return job
    done = finished(store, name)
    if done < job.wanted and job.ask_again_below is not None:
        gone = [state for state in store.workers(name) if let_go(store, state, now)]
        done = finished(store, name) if gone else done
    if done >= job.wanted and job.ask_again_below is not None and job.status != "Stopping" and now < job.expires:
        return change(store, name, lambda job: _as(job, "Answered") if job.status in ("InProgress", "Paused") else None)
    if done >= job.wanted:
        return finish(store, name, "Completed" if done >= job.objects else "Stopped", now)
    if job.status == "Stopping" and ((job.stops or 0) <= now or not at_work(store, job, now)):
        return finish(store, name, "Stopped", now)
    if job.expires <= now:
        return finish(store, name, "Completed", now)
    return job


def wait_for_end(
    store: TaskStore, name: str, clock: Callable[[], float], pause_for: Callable[[float], None]
) -> Job | None:
    """The job once it is over, which of one that is stopping is so when its grace is over."""
    job = settle(store, name, clock())
    for _ in range(round(2 * GRACE_SECONDS / _LOOK_SECONDS)):
        if job is None or job.status in OVER:
            break
        pause_for(_LOOK_SECONDS)
        job = settle(store, name, clock())
    return job


def finish(store: TaskStore, name: str, status: Status, now: float, reason: str = "") -> Job | None:
    """First no vote is taken any more, then the job is over: who reads its answers then reads all that were taken."""
    store.close_gates(name)
    fields = {"status": status, "ended": now, "failure_reason": reason}
    return change(store, name, lambda job: job.model_copy(update=fields) if job.status not in OVER else None)


def finished(store: TaskStore, name: str) -> int:
    """Objects with all their answers."""
    return sum(gate.finished for gate in store.gates(name))


def at_work(store: TaskStore, job: Job, now: float) -> bool:
    """Whether anybody has a task or a review in hand whose time is not over."""
    states = store.workers(job.name)
    held = (found(store, state) for found in (in_hand, in_review) for state in states)
    return any(found is not None and found[1].expires > now for found in held)


def in_hand(store: TaskStore, state: WorkerState) -> tuple[TaskObject, Lease] | None:
    """The object that the worker's task is about, with her lease of it, even if its time is over."""
    number = number_of(state.task) if state.task else None
    item = store.find(state.job, number) if number is not None else None
    lease = item.leases.get(state.worker) if item else None
    return (item, lease) if item and lease and lease.task == state.task else None


def in_review(store: TaskStore, state: WorkerState) -> tuple[TaskObject, Lease] | None:
    """The object that the worker reviews, with the lease of its review, even if its time is over."""
    number = number_of(state.review) if state.review else None
    item = store.find(state.job, number) if number is not None else None
    lease = item.review.lease if item and item.review else None
    return (item, lease) if item and lease and lease.task == state.review else None


def let_go(store: TaskStore, state: WorkerState, now: float) -> bool:
    """Whether the worker's decision holds again, since the time in which she could have replaced it is over."""
    item, lease = in_review(store, state) or (None, None)
    if item is None or item.review is None or lease is None or not lease.revises or lease.expires > now:
        return False
    after = item.model_copy(update={"review": item.review.model_copy(update={"holder": "", "lease": None})})
    try:
        store.write(with_gate(Changes(item.job), item, after), now)
    except (Conflict, GateClosed):
        return False  # somebody else did it, or the job is over
    return True


def _as(job: Job, status: Status) -> Job:
    return job.model_copy(update={"status": status})
