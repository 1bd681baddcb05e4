"""A job whose answers are all in opens again for the objects that are not sure enough, or ends."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from itertools import islice

from domain.tasks import jobs
from domain.tasks.model import Changes, Job, TaskObject, changed, with_gate
from domain.tasks.parts import Review
from domain.tasks.store import Conflict, GateClosed, TaskStore

_TRIES = 5
_WRITERS = 8
_AT_ONCE = 1_600


@dataclass(frozen=True)
class Plan:
    """By the objects' URIs: those of `again` are asked of one more worker each, those of `reviews` wait for a reviewer.

    `seen`: how many answers of each of them the plan was made from.
    """

    again: Collection[str] = frozenset()
    reviews: Mapping[str, Review] = field(default_factory=dict)
    seen: Mapping[str, int] = field(default_factory=dict)


def open_again(store: TaskStore, job: Job, plan: Plan, now: float) -> Job | None:
    """The job, in progress again or over.

    Once more with the same answers it changes nothing more: an object that is open again is left as it is, so that
    whoever does it after a crash makes up what is missing. An object that its worker thinks over at this moment is left
    too; her answer brings the next look. So is one that has other answers by now than the plan was made from: somebody
    else looked at the same time, and it has had its further worker.
    """
    items, more = store.objects(job), 0
    with ThreadPoolExecutor(_WRITERS) as pool:
        while some := list(islice(items, _AT_ONCE)):  # a hundred thousand would not fit into memory twice
            asked = defaultdict[int, list[TaskObject]](list)
            for item in some:
                if _wanted(item, plan) is None:
                    more += item.needed - job.needed
                else:
                    asked[item.gate].append(item)  # one after the other: writes to one gate are in each other's way
            opened = pool.map(lambda group: [_opened(store, item, plan, now) for item in group], asked.values())
            more += sum(item.needed - job.needed for group in opened for item in group)
    if jobs.finished(store, job.name) >= job.wanted:
        return jobs.finish(store, job.name, "Completed", now)
    fields = {"status": "InProgress", "round": job.round + 1, "first_block": 0, "asked_more": more}
    return jobs.change(store, job.name, lambda job: job.model_copy(update=fields) if job.status == "Answered" else None)


def _opened(store: TaskStore, item: TaskObject, plan: Plan, now: float) -> TaskObject:
    for _ in range(_TRIES):
        after = _wanted(item, plan)
        if after is None:
            return item
        try:
            store.write(with_gate(Changes(item.job), item, after), now)
        except Conflict:
            item = store.find(item.job, item.number) or item
        except GateClosed:
            return item  # the job was stopped meanwhile
        else:
            return after
    return item


def _wanted(item: TaskObject, plan: Plan) -> TaskObject | None:
    if not item.complete or item.review is not None or plan.seen.get(item.source_ref) != len(item.answers):
        return None
    if item.source_ref in plan.again:
        return changed(item, needed=len(item.answers) + 1, moved=False)
    review = plan.reviews.get(item.source_ref)
    return None if review is None else item.model_copy(update={"review": review})
