"""A labeling job in Label Studio: start, look, stop, read."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Any

from adapters.label_studio import BATCH, LabelStudio
from domain.errors import (
    AccessDenied,
    InvalidInput,
    InvalidSettings,
    LabelingJobConflict,
    NotFound,
    RequestRefused,
    ServiceUnavailable,
)
from domain.jsonlines import dump_lines, load_lines
from domain.labeling.answers import answer_of, votes_of
from domain.labeling.manifest.input_manifest import object_of
from domain.labeling.port import LabelingResult
from domain.labeling.preflight import NOBODY_LABELS, Check, only_in_ground_truth, only_in_the_portal
from domain.task_types import task_type
from domain.workflow.inputs import CostEstimate, LabelingTask
from domain.workflow.names import job_name
from domain.workflow.ports import ObjectStore
from domain.workflow.states import BuiltManifest, LabelingJob, LabelingProgress, LabelRun
from labelers.label_studio.images import Images
from labelers.label_studio.note import Note, note_of
from labelers.label_studio.questions import instructions, labeling_config, predictions, question_of, suggested
from labelers.label_studio.votes import Votes, read_votes, source_of
from labelers.label_studio.webhook import Webhook

TITLE_LIMIT = 50
"""Of a project's title in Label Studio."""
_ITS_OWN_QUEUE = "a Label Studio server hands out tasks as its own settings say"
_TWIN = "Kempelen: made twice, stays empty"
_OVER = "Kempelen has stopped this job: please label no more here."


@dataclass(frozen=True)
class Means:
    """What a job needs besides the server: `clock` gives the time of day in seconds, `tell` is called with the name
    and status of a job that was stopped."""

    store: ObjectStore
    images: Images
    webhook: Webhook
    clock: Callable[[], float]
    tell: Callable[[str, str], None]


class LabelStudioLabeler:
    """Fulfils `domain.labeling.port.Labeler`."""

    max_objects = 100_000  # never tried with so many

    def __init__(self, server: LabelStudio, means: Means, prefix: str) -> None:
        self._server = server
        self._store = means.store
        self._images = means.images
        self._webhook = means.webhook
        self._prefix = prefix
        self._clock = means.clock
        self._tell = means.tell

    def checks(self, task: LabelingTask) -> list[Check]:
        """It can ask that, the server answers, the token works, and how people will see the images."""
        if not self._server.url:
            return [Check("label studio", False, NOBODY_LABELS)]
        try:
            labeling_config(task)
        except InvalidInput as error:
            return [Check("task", False, str(error))]
        refused = [*only_in_the_portal(task), *only_in_ground_truth(task, _ITS_OWN_QUEUE), *_refused_pictures(task)]
        try:
            version = self._server.version()
        except (AccessDenied, NotFound, RequestRefused, ServiceUnavailable) as error:
            told = (
                f"{error}. Is labeling.label_studio_url right, and open to AWS Lambda, which calls from the internet?"
            )
            return [Check("label studio", False, told)]
        answers = Check("label studio", True, f"{self._server.url} answers, version {version}")
        try:
            token = Check("token", True, f"it is {self._server.me()}'s")
        except (AccessDenied, InvalidSettings, NotFound, RequestRefused) as error:
            told = (
                f"{error}. Put a token of a user of the server into the secret of labeling.label_studio_secret: a "
                "personal access token, or a legacy token if the organization allows them"
            )
            return [answers, Check("token", False, told), *refused]
        return [answers, token, self._images.check(), *refused]

    def estimate(self, task: LabelingTask, objects: int) -> CostEstimate:  # noqa: ARG002 - whatever is asked
        """The functions that look at it every half an hour are within a cent of every run."""
        return CostEstimate(usd=0, made_of="nothing of AWS's but a few calls of functions", besides="your server")

    def page(self, task: LabelingTask) -> str:
        """The labeling configuration. Raises InvalidInput: Label Studio cannot ask this."""
        if _is_by_address(task):
            self._images.refuse(task, at_best=True)
        return labeling_config(task)

    def name(self, run: LabelRun) -> str:
        return job_name(self._prefix, "label", run.dataset, run.run_id, limit=TITLE_LIMIT)

    def start(self, run: LabelRun, manifest: BuiltManifest) -> LabelingJob:
        if _is_by_address(run.task):
            self._images.refuse(run.task)
        name = self.name(run)
        project = self._find(name) or self._make(run, manifest)
        note = note_of(project)
        if not note.is_of(run, manifest):
            raise LabelingJobConflict(
                f"project {project['id']} of Label Studio is called {name} and is not this run's: its manifest is "
                f"{note.manifest_uri}, this run's is {manifest.manifest_uri}. Start again under another run_id"
            )
        if note.stopped is None:
            if _is_by_address(run.task):
                self._images.prepare(self._server, project["id"])
            self._webhook.add(project["id"], name)
            self._add_missing(project["id"], note, run.task)
        return LabelingJob(name=name, created_here=note.execution == run.execution)

    def progress(self, job_name: str) -> LabelingProgress:
        """Reads all annotations only where there are enough for the end; until then it counts as the server does."""
        project = self._found(job_name)
        note = note_of(project)
        over = note.stopped is not None or note.expires <= self._clock()
        if over or int(project.get("total_annotations_number") or 0) >= note.objects * note.needed:
            done = self._votes(project, note).finished(note.needed)
        else:
            done = min(int(project.get("finished_task_number") or 0), max(0, note.objects - 1))
        complete = done >= note.objects
        status = "Stopped" if note.stopped is not None and not complete else "Completed"
        ended = over or complete
        return LabelingProgress(
            status=status if ended else "InProgress", finished=ended, labeled=done, unlabeled=note.objects - done
        )

    def stop(self, run: LabelRun) -> bool:
        """All that people answered is kept."""
        name = self.name(run)
        project = self._find(name)
        if project is None or note_of(project).execution != run.execution or self.progress(name).finished:
            return False
        self._server.change_project(project["id"], stopped(project, self._clock()))
        self._webhook.remove(project["id"], name)
        self._tell(name, "Stopped")
        return True

    def result(self, run: LabelRun, job_name: str, manifest: BuiltManifest) -> LabelingResult:
        """Whatever was answered; all annotations as they came are kept beside, in `answers.jsonl`."""
        project = self._found(job_name)
        self._webhook.remove(project["id"], job_name)
        found = self._votes(project, note_of(project))
        folder = manifest.output_uri.key_in(self._store.bucket).rstrip("/")
        self._store.write(f"{folder}/{job_name}/answers.jsonl", dump_lines(found.raw))
        return LabelingResult(
            {source: answer_of(choices, run.task) for source, choices in found.by_source.items()},
            {
                source: votes_of(choices, suggested(run.task, found.given[source]))
                for source, choices in found.by_source.items()
            },
            found.ignored,
            found.seconds,
        )

    def _make(self, run: LabelRun, manifest: BuiltManifest) -> dict[str, Any]:
        """Titles are not unique: of two that are made at the same time, everybody takes the older one."""
        name = self.name(run)
        made = self._server.make_project(self._fields(run, manifest, name))
        oldest = self._found(name)
        if oldest["id"] != made["id"]:
            self._server.change_project(made["id"], {"title": _TWIN, "description": "", "is_published": False})
        return oldest

    def _fields(self, run: LabelRun, manifest: BuiltManifest, name: str) -> Mapping[str, Any]:
        task = run.task
        note = Note(
            dataset=run.dataset,
            run_id=run.run_id,
            execution=run.execution,
            manifest_uri=manifest.manifest_uri,
            objects=manifest.accepted,
            needed=task.workers_per_object,
            type=task.type,
            labels=task.labels,
            expires=self._clock() + task.availability_seconds,
        )
        return {
            "title": name,
            "description": note.written(),
            "label_config": labeling_config(task),
            "maximum_annotations": task.workers_per_object,
            "expert_instruction": instructions(task),
            "show_instruction": bool(instructions(task)),
            "enable_empty_annotation": question_of(task).empty,
            "is_published": True,
        }

    def _add_missing(self, project: int, note: Note, task: LabelingTask) -> None:
        """Whoever comes second, or again, adds what is not there yet."""
        there = {source_of(one) for one in self._server.tasks(project)}
        seconds = note.expires - self._clock()
        missing = (
            self._task(task, number, source, given, seconds)
            for number, source, given in self._objects(note)
            if source not in there
        )
        while batch := list(islice(missing, BATCH)):
            self._server.add_tasks(project, batch)

    def _task(
        self, task: LabelingTask, number: int, source: str, given: dict[str, Any], seconds: float
    ) -> dict[str, Any]:
        """`meta` says whose answer it is, and what the manifest says of the object."""
        address = self._images.address(source, seconds) if _is_by_address(task) else ""
        meta = {"source_ref": source, "given": given} if given else {"source_ref": source}
        made = {"data": {**question_of(task).data(address, given), "number": number}, "meta": meta}
        suggested = predictions(task, given)
        return {**made, "predictions": suggested} if suggested else made

    def _objects(self, note: Note) -> Iterator[tuple[int, str, dict[str, Any]]]:
        text = self._store.read(note.manifest_uri.key_in(self._store.bucket))
        for number, row in enumerate(load_lines(text, note.manifest_uri)):
            yield number, *object_of(row)

    def _votes(self, project: Mapping[str, Any], note: Note) -> Votes:
        return read_votes(self._server.url, self._server.tasks(project["id"]), note)

    def _find(self, name: str) -> dict[str, Any] | None:
        return next(iter(self._server.projects(name)), None)

    def _found(self, name: str) -> dict[str, Any]:
        project = self._find(name)
        if project is None:
            raise NotFound(f"there is no project {name} in Label Studio; was it deleted or renamed?")
        return project


def stopped(project: dict[str, Any], now: float) -> dict[str, Any]:
    """The fields of a project whose job was stopped `now`, in seconds since 1970."""
    note = note_of(project).model_copy(update={"stopped": now})
    fields = {"description": note.written(), "expert_instruction": _OVER, "show_instruction": True}
    return {**fields, "is_published": False}


def _is_by_address(task: LabelingTask) -> bool:
    """Whether people are shown what an object's address leads to, and not a text that the task itself holds."""
    return task_type(task.type).content == "address"


def _refused_pictures(task: LabelingTask) -> list[Check]:
    """Instructions stay as long as the project, and an address of a picture would have ended before."""
    if not task.examples:
        return []
    told = "task.examples: pictures in Label Studio's instructions are not there yet; say it in full_instructions"
    return [Check("examples", False, told)]
