"""The portal's jobs as its pages want them."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any, Protocol
from urllib.parse import urlsplit

from jinja2 import TemplateError
from jinja2.sandbox import SandboxedEnvironment

from domain.errors import AwsError, InvalidInput
from domain.task_types import task_type
from domain.tasks.model import ANSWERABLE, Assignment, Job, Worker, WorkerState
from domain.tasks.pool import TaskPool
from domain.tasks.reviews import ReviewQueue
from domain.tasks.trying import TaskGone
from domain.workflow.ports import ObjectStore
from domain.workflow.s3_uri import S3Uri
from domain.workforce.model import SignedIn
from lambdas.portal.answers import checked_answer, task_input
from portal.work import Gone, Interface, JobCard, NotShown, Preview, Task

CROWD_ELEMENTS = "https://assets.crowd.aws/crowd-html-elements.js"
"""Where Ground Truth's worker pages have their elements from; ours come from the portal itself."""


class Previews(Protocol):
    """As `adapters.preview_store` keeps them."""

    def find(self, name: str, now: float) -> Any: ...


class PortalWork:
    """Fulfils `portal.work.Work`. `address` gives where a browser may read an object of the bucket for a while."""

    def __init__(
        self,
        pool: TaskPool,
        store: ObjectStore,
        previews: Previews,
        address: Callable[[S3Uri], str],
        reviews: ReviewQueue | None = None,
    ) -> None:
        self._pool = pool
        self._reviews = reviews
        self._previews = previews
        self._store = store
        self._address = address
        self._templates: dict[str, str] = {}

    def jobs(self, person: SignedIn) -> list[JobCard]:
        shown = [job for job in self._pool.store.jobs() if job.status != "Initializing"]
        cards = [self._card(job, person) for job in shown]
        return sorted(cards, key=lambda card: (not card.open, -card.created))

    def job(self, person: SignedIn, name: str) -> JobCard | None:
        job = self._pool.store.job(name)
        return self._card(job, person) if job and job.status != "Initializing" else None

    def take(self, person: SignedIn, job: str) -> Task | None:
        return self._given(self._pool.take, person, job)

    def undo(self, person: SignedIn, job: str) -> Task | None:
        return self._given(self._pool.undo, person, job)

    def task(self, person: SignedIn, job: str, task: str) -> Task | None:
        held = self._pool.current(job, _worker(person))
        return self._task(held, person) if held and held.task == task else None

    def interface(self, _person: SignedIn, task: Task, script: str) -> Interface:
        job = self._pool.store.job(task.job)
        if job is None:
            raise NotShown("the job is gone")
        try:
            return self._rendered(self._template(job), task.input, script)
        except (AwsError, InvalidInput, TemplateError) as error:
            raise NotShown(str(error)) from error

    def preview(self, name: str, script: str) -> Preview | None:
        found = self._previews.find(name, self._pool.clock())
        if found is None:
            return None
        try:
            return Preview(found.title, self._rendered(found.template, found.input, script))
        except (AwsError, InvalidInput, TemplateError) as error:
            raise NotShown(str(error)) from error

    def _rendered(self, template: str, task_input: Mapping[str, Any], script: str) -> Interface:
        environment = SandboxedEnvironment()  # it escapes by itself no more than Liquid does
        sources: set[str] = set()

        def readable(uri: str) -> str:
            address = self._address(S3Uri(uri))
            parts = urlsplit(address)
            sources.add(f"{parts.scheme}://{parts.netloc}")
            return address

        environment.filters["grant_read_access"] = readable
        environment.filters["to_json"] = lambda value: json.dumps(value, ensure_ascii=False)
        page = environment.from_string(template.replace(CROWD_ELEMENTS, script, 1))
        return Interface(page.render(task={"input": task_input}), sources=sorted(sources))

    def submit(self, person: SignedIn, job: str, task: str, content: dict[str, Any]) -> None:
        try:
            self._pool.submit(job, task, _worker(person), content, checked_answer)
        except TaskGone as error:
            raise Gone(str(error)) from error

    def give_back(self, person: SignedIn, job: str, task: str, *, for_good: bool) -> None:
        give = self._pool.decline if for_good else self._pool.skip
        try:
            give(job, task, _worker(person))
        except TaskGone as error:
            raise Gone(str(error)) from error

    def _given(self, step: Callable[[str, Worker], Assignment | None], person: SignedIn, job: str) -> Task | None:
        try:
            return self._task(step(job, _worker(person)), person)
        except TaskGone:  # the job has ended in this moment
            return None

    def _card(self, job: Job, person: SignedIn) -> JobCard:
        working = job.status == "InProgress"
        return JobCard(
            name=job.name,
            title=job.title,
            description=job.question,
            status="InProgress" if job.status == "Answered" else job.status,
            open=job.status in ANSWERABLE,
            available=self._left(job, self._state(job, person)) if working else 0,
            created=job.created,
            reviews=self._reviews.waiting(job.name) if self._reviews and _reviews(job, person) else 0,
        )

    def _state(self, job: Job, person: SignedIn) -> WorkerState:
        _, state, _ = self._pool.store.look(job.name, person.worker)
        return state or WorkerState(job=job.name, worker=person.worker)

    def _left(self, job: Job, state: WorkerState) -> int:
        """At most: what the job needs, and what this worker has neither answered nor declined."""
        needed = job.answers_needed - sum(gate.votes for gate in self._pool.store.gates(job.name))
        return max(0, min(needed, job.objects - state.answered - state.declined))

    def _task(self, held: Assignment | None, person: SignedIn) -> Task | None:
        if held is None:
            return None
        job = held.job
        state = self._state(job, person)
        return Task(
            id=held.task,
            job=job.name,
            title=job.title,
            description=job.question,
            input=task_input(job, held.given, held.source_ref),
            expires=held.lease.expires,
            seconds_left=max(0, round(held.lease.expires - self._pool.clock())),
            again=held.lease.again,
            earlier=_shown(held) if held.earlier else None,
            undoable=state.last is not None,
            left=self._left(job, state),
        )

    def _template(self, job: Job) -> str:
        """Kept for as long as the process lives: a job's template never changes."""
        if job.name not in self._templates:
            self._templates[job.name] = self._store.read(job.template_uri.key_in(self._store.bucket))
        return self._templates[job.name]


def _reviews(job: Job, person: SignedIn) -> bool:
    """Whether there may be something for this person to review."""
    return person.reviewer and job.status in ANSWERABLE and job.ask_again_below is not None


def _shown(held: Assignment) -> str:
    """The worker's earlier answer as a person reads it."""
    content = held.earlier.content if held.earlier else {}
    kind = task_type(held.job.type)
    return kind.said(kind.choice(content, held.job.labels, held.given))


def _worker(person: SignedIn) -> Worker:
    return Worker(person.worker, person.session, person.email)
