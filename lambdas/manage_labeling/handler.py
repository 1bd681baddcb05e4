"""The requesters' door to the portal. Who may call it, IAM says: `lambda:InvokeFunction` on this function.

{"action": "jobs"}                               -> {"jobs": [{"job", "status", "objects", "labeled", "votes", …}]}
{"action": "progress", "job"}                    -> the same of one job, with "workers": [{"email", "answered", …}]
{"action": "objects", "job", "after", "limit"}   -> {"objects": [{"source_ref", "answers", "needed", …}]}
{"action": "pause" | "resume" | "close", "job"}  -> {"job", "status"}
{"action": "workers"}                            -> {"workers": [{"email", "status", "enabled"}]}
{"action": "invite" | "remove", "email"}         -> {"email", "outcome"}; an invitation with "reviewer": true lets her
    decide what the votes leave unsure, from her next sign-in on
{"action": "preview", "task", "source_ref"}      -> {"address"}: the task as workers will see it, for a day;
    with "given", what tasks of its type tell of an object: {"source": <text>}, {"record"}, {"transcript"}, {"label"};
    and a "suggestion", as a line of a manifest has it
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any, Literal

from pydantic import Field

from adapters.clients import client
from adapters.environment import Environment
from adapters.events import PortalEvents
from adapters.people import CognitoTeam
from adapters.preview_store import DynamoPreviewStore
from adapters.session_store import DynamoSessionStore
from adapters.task_store import DynamoTaskStore
from domain.errors import InvalidInput, NotFound
from domain.labeling.worker_page import worker_page
from domain.task_types import task_type
from domain.task_types.given import check_given
from domain.task_types.model import TaskType
from domain.task_types.suggested import SUGGESTION, suggestion_of
from domain.tasks import jobs
from domain.tasks.model import OVER, Job
from domain.tasks.overview import by_object, by_worker, overview
from domain.workflow.examples import with_examples_in
from domain.workflow.inputs import LabelingTask, check_task
from domain.workflow.s3_uri import S3Uri
from domain.workflow.states import Request
from domain.workforce.model import REVIEWERS
from lambdas.shared.entry import entry, logger

PREVIEW_SECONDS = 24 * 3600


class Question(Request):
    action: Literal[
        "jobs", "progress", "objects", "pause", "resume", "close", "workers", "invite", "remove", "preview"
    ]  # fmt: skip
    job: str = ""
    email: str = ""
    reviewer: bool = False
    after: int = -1
    limit: int = Field(default=100, ge=1, le=1_000)
    task: LabelingTask | None = None
    source_ref: S3Uri | None = None
    given: dict[str, Any] = Field(default_factory=dict)

    def about(self) -> dict[str, str]:
        return {"job": self.job, "action": self.action}


class Variables(Environment):
    data_bucket: str
    task_table: str
    user_pool_id: str
    worker_group: str
    portal_address: str
    aws_region: str


@entry(Question, Variables)
def handler(question: Question, variables: Variables) -> dict[str, Any]:
    """Raises NotFound: there is no such job or worker. InvalidInput: the action lacks something, which is named."""
    answer = _Desk(variables).answer(question)
    logger.info("asked", extra={"action": question.action})
    return answer


class _Desk:
    """Answers one question."""

    def __init__(self, variables: Variables) -> None:
        self._variables = variables
        self._tasks = DynamoTaskStore(client("dynamodb"), variables.task_table)
        self._team, self._reviewers = (
            CognitoTeam(client("cognito-idp"), variables.aws_region, variables.user_pool_id, group)
            for group in (variables.worker_group, REVIEWERS)
        )

    def answer(self, question: Question) -> dict[str, Any]:
        answers: dict[str, Callable[[Question], dict[str, Any]]] = {
            "jobs": self._jobs,
            "workers": self._workers,
            "progress": self._progress,
            "objects": self._objects,
            "pause": self._pause,
            "resume": self._resume,
            "close": self._close,
            "invite": self._invite,
            "remove": self._remove,
            "preview": self._preview,
        }
        return answers[question.action](question)

    def _jobs(self, _question: Question) -> dict[str, Any]:
        newest = sorted(self._tasks.jobs(), key=lambda job: -job.created)
        return {"jobs": [overview(self._tasks, job) for job in newest]}

    def _progress(self, question: Question) -> dict[str, Any]:
        job = self._job(question)
        return {**overview(self._tasks, job), "workers": by_worker(self._tasks, job)}

    def _objects(self, question: Question) -> dict[str, Any]:
        return {"objects": by_object(self._tasks, self._job(question), question.after, question.limit)}

    def _pause(self, question: Question) -> dict[str, Any]:
        return self._now(jobs.pause(self._tasks, self._job(question).name))

    def _resume(self, question: Question) -> dict[str, Any]:
        return self._now(jobs.resume(self._tasks, self._job(question).name))

    def _close(self, question: Question) -> dict[str, Any]:
        """What people have in hand they may still answer for a minute; the run goes on with what is labeled."""
        name = self._job(question).name
        jobs.stop(self._tasks, name, time.time())
        job = jobs.wait_for_end(self._tasks, name, time.time, time.sleep)
        if job is not None and job.status in OVER:
            PortalEvents(client("events")).job_ended(name, job.status)
        return self._now(job)

    def _workers(self, _question: Question) -> dict[str, Any]:
        people = self._team.people()
        reviewers = {one.worker for one in self._reviewers.people()}
        shown = [
            {
                "email": one.email,
                "status": one.status,
                "enabled": one.enabled,
                "reviewer": one.worker in reviewers,
            }
            for one in people
        ]
        return {"workers": sorted(shown, key=lambda row: str(row["email"]))}

    def _invite(self, question: Question) -> dict[str, Any]:
        email = self._email(question)
        outcome = self._team.invite(email)
        if question.reviewer:
            self._reviewers.join(email)
        return {"email": email, "outcome": outcome}

    def _remove(self, question: Question) -> dict[str, Any]:
        """What she has answered stays; what she has in hand goes to others when its time is over."""
        email = self._email(question)
        self._reviewers.remove(email)
        person = self._team.remove(email)
        ended = DynamoSessionStore(client("dynamodb"), self._variables.task_table).end_all(person.worker)
        return {"email": email, "outcome": "removed", "sessions_ended": ended}

    def _preview(self, question: Question) -> dict[str, Any]:
        if question.task is None:
            raise InvalidInput("preview: give the task")
        check_task(question.task)
        task = _preview_input(question, question.task)
        previews = DynamoPreviewStore(client("dynamodb"), self._variables.task_table)
        shown = with_examples_in(question.task, self._variables.data_bucket)
        kept = previews.keep(worker_page(shown), task, question.task.question, time.time() + PREVIEW_SECONDS)
        return {"address": f"{self._variables.portal_address}/preview/{kept}"}

    def _job(self, question: Question) -> Job:
        if not question.job:
            raise InvalidInput(f"{question.action}: give the name of a job")
        job = self._tasks.job(question.job)
        if job is None:
            raise NotFound(f"there is no job {question.job} in the portal")
        return job

    def _email(self, question: Question) -> str:
        if not question.email:
            raise InvalidInput(f"{question.action}: give an e-mail address")
        return question.email

    def _now(self, job: Job | None) -> dict[str, Any]:
        if job is None:
            raise NotFound("the job is gone")
        return {"job": job.name, "status": job.status}


def _preview_input(question: Question, task: LabelingTask) -> dict[str, Any]:
    """What the previewed page is about."""
    kind, given = task_type(task.type), question.given
    if question.source_ref is None and kind.content == "address":
        raise InvalidInput("preview: give source_ref, the URI of an object to show")
    if unknown := sorted(set(given) - {*kind.needs, SUGGESTION}):
        needs = f"{kind.name} needs {' and '.join(kind.needs) or 'nothing'} there"
        raise InvalidInput(f"preview: given: there is no such field: {', '.join(unknown)}; {needs}")
    try:
        check_given(kind, given, task.labels)
    except ValueError as error:
        raise InvalidInput(f"preview: given: {error}") from error
    shown = {**given, "taskObject": given.get("source", question.source_ref), "labels": list(task.labels)}
    return {**shown, SUGGESTION: _suggestion(kind, task, given)} if SUGGESTION in given else shown


def _suggestion(kind: TaskType, task: LabelingTask, given: dict[str, Any]) -> dict[str, Any]:
    """In a job, where one object of many may have a wrong one, nothing would be shown instead."""
    found = suggestion_of(kind, given, task.labels)
    if found is None:
        raise InvalidInput(
            f"preview: given: suggestion: {given[SUGGESTION]!r} could be no answer of {kind.name}"
            + (f" with the labels {list(task.labels)}" if task.labels else "")
        )
    return found
