"""A labeling job in Label Studio: start, look, stop, read."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
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
from domain.labeling.input_manifest import object_of
from domain.labeling.port import Answer, LabelingResult
from domain.labeling.preflight import Check
from domain.labels.consolidation import image_multi_class
from domain.labels.rows import Vote
from domain.workflow.inputs import LabelingTask
from domain.workflow.names import job_name
from domain.workflow.ports import ObjectStore
from domain.workflow.states import BuiltManifest, LabelingJob, LabelingProgress, LabelRun
from labelers.label_studio.images import Images
from labelers.label_studio.note import Note, note_of
from labelers.label_studio.question import IMAGE, instructions, labeling_config
from labelers.label_studio.votes import Votes, read_votes, source_of

TITLE_LIMIT = 50
"""Of a project's title in Label Studio."""
_NOBODY = (
    "this stage was deployed with workforce.enabled = false, so nobody can label; set it to true in the stage's "
    "settings and deploy again, or bring labels of your own and start `augment`"
)
_TWIN = "Kempelen: made twice, stays empty"
_OVER = "Kempelen has stopped this job: please label no more here."


class LabelStudioLabeler:
    """Fulfils `domain.labeling.port.Labeler`. `tell` is called with the name and status of a job that was stopped."""

    max_objects = 100_000  # never tried with so many

    def __init__(
        self,
        server: LabelStudio,
        store: ObjectStore,
        images: Images,
        prefix: str,
        clock: Callable[[], float],
        tell: Callable[[str, str], None],
    ) -> None:
        self._server = server
        self._store = store
        self._images = images
        self._prefix = prefix
        self._clock = clock
        self._tell = tell

    def checks(self, task: LabelingTask) -> list[Check]:
        """It can ask that, the server answers, the token works, and how people will see the images."""
        if not self._server.url:
            return [Check("label studio", False, _NOBODY)]
        try:
            labeling_config(task)
        except InvalidInput as error:
            return [Check("task", False, str(error))]
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
            return [answers, Check("token", False, told)]
        return [answers, token, self._images.check()]

    def page(self, task: LabelingTask) -> str:
        """The labeling configuration. Raises InvalidInput: Label Studio cannot ask this."""
        self._images.refuse(task, at_best=True)
        return labeling_config(task)

    def name(self, run: LabelRun) -> str:
        return job_name(self._prefix, "label", run.dataset, run.run_id, limit=TITLE_LIMIT)

    def start(self, run: LabelRun, manifest: BuiltManifest) -> LabelingJob:
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
            self._images.prepare(self._server, project["id"])
            self._add_missing(project["id"], note)
        return LabelingJob(name=name, created_here=note.execution == run.execution)

    def progress(self, job_name: str) -> LabelingProgress:
        """Reads all annotations only where there are enough for the end; until then it counts as the server does."""
        project = self._found(job_name)
        note = note_of(project)
        over = note.stopped is not None or note.expires <= self._clock()
        if over or int(project.get("total_annotations_number") or 0) >= note.objects * note.needed:
            done = self._votes(project, note.labels).finished(note.needed)
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
        note = note_of(project).model_copy(update={"stopped": self._clock()})
        fields = {"description": note.written(), "expert_instruction": _OVER, "show_instruction": True}
        self._server.change_project(project["id"], {**fields, "is_published": False})
        self._tell(name, "Stopped")
        return True

    def result(self, run: LabelRun, job_name: str, manifest: BuiltManifest) -> LabelingResult:
        """Whatever was answered; all annotations as they came are kept beside, in `answers.jsonl`."""
        found = self._votes(self._found(job_name), run.task.labels)
        folder = manifest.output_uri.key_in(self._store.bucket).rstrip("/")
        self._store.write(f"{folder}/{job_name}/answers.jsonl", dump_lines(found.raw))
        answers = {source: _label(votes, run.task) for source, votes in found.by_source.items()}
        return LabelingResult(answers, found.by_source, found.ignored)

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
            labels=task.labels,
            expires=self._clock() + task.availability_seconds,
        )
        return {
            "title": name,
            "description": note.written(),
            "label_config": labeling_config(task),
            "maximum_annotations": task.workers_per_object,
            "expert_instruction": instructions(task),
            "show_instruction": bool(task.instructions),
            "enable_empty_annotation": False,
            "is_published": True,
        }

    def _add_missing(self, project: int, note: Note) -> None:
        """Whoever comes second, or again, adds what is not there yet."""
        there = {source_of(task) for task in self._server.tasks(project)}
        seconds = note.expires - self._clock()
        missing = (
            {"data": {IMAGE: self._images.address(source, seconds), "number": number}, "meta": {"source_ref": source}}
            for number, source in self._sources(note)
            if source not in there
        )
        while batch := list(islice(missing, BATCH)):
            self._server.add_tasks(project, batch)

    def _sources(self, note: Note) -> Iterator[tuple[int, str]]:
        text = self._store.read(note.manifest_uri.key_in(self._store.bucket))
        for number, row in enumerate(load_lines(text, note.manifest_uri)):
            yield number, object_of(row)[0]

    def _votes(self, project: Mapping[str, Any], labels: tuple[str, ...]) -> Votes:
        return read_votes(self._server.url, self._server.tasks(project["id"]), labels)

    def _find(self, name: str) -> dict[str, Any] | None:
        return next(iter(self._server.projects(name)), None)

    def _found(self, name: str) -> dict[str, Any]:
        project = self._find(name)
        if project is None:
            raise NotFound(f"there is no project {name} in Label Studio; was it deleted or renamed?")
        return project


def _label(votes: tuple[Vote, ...], task: LabelingTask) -> Answer:
    chosen = image_multi_class([task.labels.index(vote.label) for vote in votes], len(task.labels))
    return Answer(task.labels[chosen.index], chosen.confidence, "human")
