"""How far a portal's job is: as a whole, by worker, and object by object."""

from __future__ import annotations

from itertools import islice
from typing import Any

from domain.tasks.model import REVIEW, Job, TaskObject
from domain.tasks.store import TaskStore

MOST_OBJECTS = 1_000


def overview(store: TaskStore, job: Job) -> dict[str, Any]:
    """Counts of the whole job; `votes` of `votes_needed`."""
    gates = store.gates(job.name)
    return {
        "job": job.name,
        "dataset": job.dataset,
        "run_id": job.run_id,
        "status": job.status,
        "question": job.question,
        "objects": job.objects,
        "labeled": sum(gate.finished for gate in gates),
        "votes": sum(gate.votes for gate in gates),
        "votes_needed": job.answers_needed,
        "to_review": store.count_open(job.name, REVIEW),
        "created": job.created,
        "expires": job.expires,
        "ended": job.ended,
    }


def by_worker(store: TaskStore, job: Job) -> list[dict[str, Any]]:
    """What each has done, the busiest first; `seen`: when she last did something."""
    rows = [
        {
            "worker": state.worker,
            "email": state.email,
            "answered": state.answered,
            "skipped": state.skipped,
            "declined": state.declined,
            "reviewed": state.reviewed,
            "in_hand": state.task is not None,
            "seen": state.seen,
        }
        for state in store.workers(job.name)
    ]
    return sorted(rows, key=lambda row: -row["answered"])


def by_object(store: TaskStore, job: Job, after: int, limit: int) -> list[dict[str, Any]]:
    """At most `limit` objects with a number above `after`."""
    found = (store.find(job.name, number) for number in range(after + 1, job.objects))
    return [_row(item) for item in islice(filter(None, found), min(limit, MOST_OBJECTS))]


def _row(item: TaskObject) -> dict[str, Any]:
    return {
        "number": item.number,
        "source_ref": item.source_ref,
        "answers": len(item.answers),
        "needed": item.needed,
        "in_hand": len(item.leases),
        "declined": len(item.declined),
        "complete": item.complete,
        "review": None if item.review is None else "decided" if item.review.settled else "waiting",
    }
