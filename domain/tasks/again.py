"""A job whose answers are all in opens again for the objects that are not sure enough, or ends."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from domain.tasks import jobs
from domain.tasks.model import Changes, Job, TaskObject, changed, with_gate
from domain.tasks.parts import Review
from domain.tasks.store import Conflict, GateClosed, TaskStore

_TRIES = 5


def open_again(
    store: TaskStore, job: Job, again: Collection[str], reviews: Mapping[str, Review], now: float
) -> Job | None:
    """The job, in progress again or over. By the objects' URIs: those of `again` are asked of one more worker each,
    those of `reviews` wait for a reviewer.

    Once more with the same answers it changes nothing more: an object that is open again is left as it is, so that
    whoever does it after a crash makes up what is missing. An object that its worker thinks over at this moment is left
    too; her answer brings the next look.
    """
    more = 0
    for item in store.objects(job):
        more += _opened(store, item, again, reviews, now).needed - job.needed
    if jobs.finished(store, job.name) >= job.wanted:
        return jobs.finish(store, job.name, "Completed", now)
    fields = {"status": "InProgress", "round": job.round + 1, "first_block": 0, "asked_more": more}
    return jobs.change(store, job.name, lambda job: job.model_copy(update=fields) if job.status == "Answered" else None)


def _opened(
    store: TaskStore, item: TaskObject, again: Collection[str], reviews: Mapping[str, Review], now: float
) -> TaskObject:
    for _ in range(_TRIES):
        after = _wanted(item, again, reviews)
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


def _wanted(item: TaskObject, again: Collection[str], reviews: Mapping[str, Review]) -> TaskObject | None:
    if not item.complete or item.review is not None:
        return None
    if item.source_ref in again:
        return changed(item, needed=len(item.answers) + 1, moved=False)
    review = reviews.get(item.source_ref)
    return None if review is None else item.model_copy(update={"review": review})
