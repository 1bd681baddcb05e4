"""The review queue as its pages want it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from domain.task_types import task_type
from domain.task_types.suggested import SUGGESTION
from domain.tasks.model import Worker
from domain.tasks.reviews import Reviewing, ReviewQueue
from domain.tasks.trying import TaskGone
from domain.workforce.model import SignedIn
from lambdas.portal.answers import checked_answer, task_input
from portal.work import Gone, ReviewTask

NONE_FITS = "none fits"


class PortalReviews:
    """Fulfils `portal.work.Reviews`."""

    def __init__(self, queue: ReviewQueue) -> None:
        self._queue = queue

    def may(self, person: SignedIn) -> bool:
        return person.reviewer

    def take(self, person: SignedIn, job: str) -> ReviewTask | None:
        return self._given(self._queue.take, person, job)

    def undo(self, person: SignedIn, job: str) -> ReviewTask | None:
        return self._given(self._queue.undo, person, job)

    def task(self, person: SignedIn, job: str, task: str) -> ReviewTask | None:
        held = self._queue.current(job, _reviewer(person))
        return self._task(held) if held and held.task == task else None

    def decide(self, person: SignedIn, job: str, task: str, content: dict[str, Any] | None, comment: str) -> None:
        try:
            self._queue.decide(job, task, _reviewer(person), content, comment, checked_answer)
        except TaskGone as error:
            raise Gone(str(error)) from error

    def skip(self, person: SignedIn, job: str, task: str) -> None:
        try:
            self._queue.skip(job, task, _reviewer(person))
        except TaskGone as error:
            raise Gone(str(error)) from error

    def _given(self, step: Callable[[str, Worker], Reviewing | None], person: SignedIn, job: str) -> ReviewTask | None:
        try:
            held = step(job, _reviewer(person))
        except TaskGone:  # the job has ended in this moment
            return None
        return self._task(held) if held else None

    def _task(self, held: Reviewing) -> ReviewTask:
        job, item, review = held.job, held.item, held.review
        kind = task_type(job.type)

        def said(content: dict[str, Any]) -> str:
            return kind.said(kind.choice(content, job.labels, item.given))

        earlier = held.earlier
        return ReviewTask(
            id=held.task,
            job=job.name,
            title=job.title,
            description=job.question,
            input=task_input(job, {**item.given, SUGGESTION: review.guess}, item.source_ref),
            expires=held.lease.expires,
            seconds_left=max(0, round(held.lease.expires - self._queue.clock())),
            again=held.lease.again,
            earlier=None if earlier is None else NONE_FITS if earlier.content is None else said(earlier.content),
            undoable=held.undoable,
            votes=tuple(
                said(answer.content) for answer in sorted(item.answers.values(), key=lambda one: one.submitted)
            ),
            guess=review.told,
            confidence=review.confidence,
            comment=earlier.comment if earlier else "",
        )


def _reviewer(person: SignedIn) -> Worker:
    return Worker(person.worker, person.session, person.email)
