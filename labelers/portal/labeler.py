"""A labeling job in our own portal: start, look, stop, read."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Protocol

from domain.errors import InvalidInput, LabelingJobConflict, NotFound
from domain.jsonlines import JsonLines, dump_lines
from domain.labeling.cost import enough
from domain.labeling.manifest.input_manifest import object_of
from domain.labeling.port import LabelingResult
from domain.labeling.preflight import NOBODY_LABELS, Check, only_in_ground_truth
from domain.labeling.worker_page import worker_page
from domain.prices import HOME
from domain.task_types import task_type
from domain.task_types.given import check_given
from domain.tasks import jobs
from domain.tasks.again import open_again
from domain.tasks.model import OVER, Job, TaskObject
from domain.tasks.store import TaskStore
from domain.workflow.inputs import CostEstimate, LabelingTask
from domain.workflow.names import job_name
from domain.workflow.ports import ObjectStore
from domain.workflow.states import BuiltManifest, LabelingJob, LabelingProgress, LabelRun
from domain.workforce.model import Person
from labelers.portal.again import MOST_OBJECTS, People, plan_of
from labelers.portal.answers import answer_rows, result_of
from labelers.portal.price import price

_EACH_HOLDS_ONE = "in the portal each person holds one object at a time, so there are never more out than people"


class Team(Protocol):
    """The people who label."""

    def members(self) -> list[str]:
        """Their e-mail addresses, without those who may not sign in."""
        ...

    def people(self) -> Iterable[Person]: ...


@dataclass(frozen=True)
class Clockwork:
    """The time of day in seconds, and a pause."""

    now: Callable[[], float]
    pause: Callable[[float], None]


class PortalLabeler:
    """Fulfils `domain.labeling.port.Labeler`. Without a `team` nobody labels in this stage; `reviewers` are those of
    the team who decide what stays unsure.

    `tell` is called with a job's name and status once it is over; `region` is that of the prices.
    """

    max_objects = 1_000_000  # DynamoDB would hold more; what one function can add to it in its 15 minutes

    def __init__(
        self,
        tasks: TaskStore,
        store: ObjectStore,
        team: Team | None,
        prefix: str,
        clock: Clockwork,
        tell: Callable[[str, str], None],
        reviewers: Team | None = None,
        *,
        region: str = HOME,
    ) -> None:
        self._tasks = tasks
        self._store = store
        self._team = team
        self._prefix = prefix
        self._clock = clock
        self._tell = tell
        self._reviewers = reviewers
        self._region = region

    def checks(self, task: LabelingTask) -> list[Check]:
        """The table answers, there is somebody to ask, and what is wanted can be had here."""
        if self._team is None:
            return [Check("portal", False, NOBODY_LABELS)]
        self._tasks.jobs()
        people = len(self._team.members())
        told = (
            f"{people} can sign in to the portal" if people else
            "nobody can sign in to the portal: name people in workforce.workers of the stage's settings and deploy "
            "again, or invite somebody"
        )  # fmt: skip
        refused = only_in_ground_truth(task, _EACH_HOLDS_ONE)
        return [Check("portal", True, "its table answers"), Check("workers", people > 0, told), *refused]

    def estimate(self, task: LabelingTask, objects: int) -> CostEstimate:
        """By requests and writes. Raises InvalidInput: too many objects to look through again."""
        if task.ask_again_below is not None and objects > MOST_OBJECTS:
            raise InvalidInput(
                f"task.ask_again_below: a run that asks again has at most {MOST_OBJECTS:,} objects, this one "
                f"{objects:,}; take a sample or a filter, or leave it out"
            )
        return price(task, objects, self._region)

    def page(self, task: LabelingTask) -> str:
        """The worker's page, as for Ground Truth."""
        return worker_page(task)

    def name(self, run: LabelRun) -> str:
        return job_name(self._prefix, "label", run.dataset, run.run_id)

    def start(self, run: LabelRun, manifest: BuiltManifest) -> LabelingJob:
        job = self._new_job(run, manifest)
        if not self._tasks.add_job(job):
            self._check_own(run, manifest, job.name)
        made = self._job(job.name)
        if made.status == "Initializing":
            # Whoever comes second adds what is not there yet; people begin when all of it is.
            self._tasks.add_objects(made, self._objects(made, manifest))
            jobs.change(self._tasks, job.name, _opened)
        if made.status == "Answered":
            self._look_again(run, made)
        return LabelingJob(name=job.name, created_here=made.execution == run.execution)

    def progress(self, job_name: str) -> LabelingProgress:
        """Also ends what is over by now, and whose end nobody saw. Of a job that asks again this round is finished, and
        `start` looks who is asked in the next."""
        job = jobs.settle(self._tasks, job_name, self._clock.now())
        if job is None:
            raise NotFound(f"there is no job {job_name} in the portal")
        done = jobs.finished(self._tasks, job_name)
        return LabelingProgress(
            status=job.status,
            finished=job.status in OVER or job.status == "Answered",
            labeled=done,
            unlabeled=job.objects - done,
            failure_reason=job.failure_reason,
        )

    def stop(self, run: LabelRun) -> bool:
        """What people have in hand they may still answer for a minute, and so long this waits."""
        name = self.name(run)
        job = self._tasks.job(name)
        if job is None or job.execution != run.execution or job.status in OVER:
            return False
        jobs.stop(self._tasks, name, self._clock.now())
        ended = jobs.wait_for_end(self._tasks, name, self._clock.now, self._clock.pause)
        self._tell(name, ended.status if ended else "Stopped")
        return True

    def result(self, run: LabelRun, job_name: str, manifest: BuiltManifest) -> LabelingResult:
        """Whatever was answered; all answers as they came are kept beside, in `answers.jsonl`."""
        job = self._job(job_name)
        if job.status == "Answered":  # whoever was to look what is asked again did not come to it
            jobs.finish(self._tasks, job_name, "Completed", self._clock.now())
        answered = [item for item in self._tasks.objects(job) if item.answers]
        folder = manifest.output_uri.key_in(self._store.bucket).rstrip("/")
        self._store.write(f"{folder}/{job_name}/answers.jsonl", dump_lines(answer_rows(answered)))
        return result_of(answered, run.task)

    def _look_again(self, run: LabelRun, job: Job) -> None:
        """Who could sign in now decides whom there is to ask."""
        team = self._team.people() if self._team else ()
        people = People(
            {person.worker for person in team if person.enabled},
            bool(self._reviewers and self._reviewers.members()),
        )
        plan = plan_of(list(self._tasks.objects(job)), run, self._store, people)
        open_again(self._tasks, job, plan, self._clock.now())

    def _new_job(self, run: LabelRun, manifest: BuiltManifest) -> Job:
        now, task = self._clock.now(), run.task
        return Job(
            name=self.name(run),
            dataset=run.dataset,
            run_id=run.run_id,
            execution=run.execution,
            type=task.type,
            title=task.title or run.dataset,
            question=task.question,
            labels=task.labels,
            template_uri=manifest.template_uri,
            manifest_uri=manifest.manifest_uri,
            output_uri=manifest.output_uri,
            objects=manifest.accepted,
            enough=enough(task, manifest.accepted),
            needed=task.workers_per_object,
            seconds=task.task_time_limit_seconds,
            created=now,
            expires=now + task.availability_seconds,
            ask_again_below=task.ask_again_below,
            most_workers=task.workers_at_most,
        )

    def _objects(self, job: Job, manifest: BuiltManifest) -> Iterator[TaskObject]:
        lines = self._store.lines(manifest.manifest_uri.key_in(self._store.bucket))
        for number, row in enumerate(JsonLines[dict[str, Any]](lines, manifest.manifest_uri)):
            source_ref, given = object_of(row)
            try:
                check_given(task_type(job.type), given, job.labels)
            except ValueError as error:
                raise InvalidInput(f"{manifest.manifest_uri}, line {number + 1}: {source_ref}: {error}") from error
            yield TaskObject(job=job.name, number=number, source_ref=source_ref, needed=job.needed, given=given)

    def _check_own(self, run: LabelRun, manifest: BuiltManifest, name: str) -> None:
        job = self._job(name)
        if job.manifest_uri != manifest.manifest_uri or (job.dataset, job.run_id) != (run.dataset, run.run_id):
            raise LabelingJobConflict(
                f"job {name} of the portal exists already and is not this run's: its manifest is {job.manifest_uri}, "
                f"this run's is {manifest.manifest_uri}. Start again under another run_id"
            )

    def _job(self, name: str) -> Job:
        job = self._tasks.job(name)
        if job is None:
            raise NotFound(f"there is no job {name} in the portal")
        return job


def _opened(job: Job) -> Job | None:
    return job.model_copy(update={"status": "InProgress"}) if job.status == "Initializing" else None
