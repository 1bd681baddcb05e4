"""What the workflow may expect of a labeling back end, whichever it is: one contract, three back ends.

The local cloud keeps it too: tests/localcloud/test_every_backend.py.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Protocol

import pytest

from domain.errors import LabelingJobConflict, NotFound
from domain.labeling.manifest.prepare import prepare
from domain.labeling.port import Labeler
from domain.workflow.states import BuiltManifest, LabelingJob, LabelRun
from labelers.ground_truth.labeling_job import GroundTruthLabeler
from localcloud.ground_truth.job import outputs
from localcloud.ground_truth.job.task_pool import Answer, Worker
from localcloud.ground_truth.job.task_types import TASK_TYPES
from tests.support.builders.runs import any_label_run, any_task
from tests.support.builders.tasks import any_worker
from tests.support.fakes.ground_truth import FakeGroundTruth
from tests.support.fakes.store import MemoryStore
from tests.unit.labelers import test_ground_truth_job, test_label_studio_job, test_portal_job

RUN = any_label_run(task=any_task(workers_per_object=2, availability_seconds=3600))
OTHER = RUN.model_copy(update={"execution": "execution-2"})
PEOPLE = ("ada", "bob")
OBJECTS = ("a", "b", "c")


class Back(Protocol):
    """A back end with people who answer."""

    labeler: Labeler
    store: MemoryStore

    def answer(self, job: str, person: str, label: str) -> None:
        """For the first object that the person has not answered."""
        ...

    def take_over(self, job: str) -> None:
        """Makes the job one of another run."""
        ...

    def settle(self, job: str) -> None:
        """Waits for what comes by itself: the start of a job, and its end when all is answered."""
        ...


class AtOnce:
    def settle(self, job: str) -> None:
        """There is nothing to wait for in memory."""


class Portal(AtOnce, test_portal_job.World):
    def answer(self, job: str, person: str, label: str) -> None:  # type: ignore[override]
        worker = any_worker(person)
        task = self.pool.take(job, worker)
        self.pool.submit(job, task.task, worker, test_portal_job.answer_of(label))

    def take_over(self, job: str) -> None:
        self.tasks.kept[job] = self.tasks.kept[job].model_copy(update={"run_id": "another"})


class LabelStudio(AtOnce, test_label_studio_job.World):
    def answer(self, job: str, person: str, label: str) -> None:
        user = 1 + PEOPLE.index(person)
        for task in self.server.tasks.values():
            if user not in {entry["completed_by"] for entry in task.get("annotations", ())}:
                self.server.annotate(task["data"]["number"], user, label)
                return

    def take_over(self, job: str) -> None:
        (project,) = self.server.projects.values()
        note = test_label_studio_job.note_of(project)
        project["description"] = note.model_copy(update={"run_id": "another"}).written()


class GroundTruth(AtOnce):
    """Answers are written as the local cloud writes them, which follows the formats that AWS documents."""

    def __init__(self) -> None:
        self.store = MemoryStore(objects={f"raw/faces/{name}.jpg": name for name in OBJECTS})
        self.api = FakeGroundTruth()
        self.labeler = GroundTruthLabeler(self.api, self.store, test_ground_truth_job.SETTINGS)
        self._given: dict[int, list[Answer]] = {}

    def answer(self, job: str, person: str, label: str) -> None:
        mine = {number for number, given in self._given.items() if person in {one.worker.worker_id for one in given}}
        number = next(number for number in range(len(OBJECTS)) if number not in mine)
        content = {"crowd-image-classifier": {"label": label}}
        self._given.setdefault(number, []).append(Answer(Worker(person, "s"), content, 0.0, 1.0))
        self._write(job)

    def _write(self, job: str) -> None:
        kind, labels, folder = (
            TASK_TYPES["ImageMultiClass"],
            list(RUN.task.labels),
            f"labeling/faces/run-1/output/{job}",
        )
        contents = {}
        for number, given in self._given.items():
            chosen = kind.label([one.content for one in given], labels)
            contents[number] = outputs.label_content("mouth", chosen, job=job, task_type=kind, created=0.0)
            key = f"{folder}/{outputs.worker_response_path(number, outputs.file_stamp(0))}"
            self.store.write(key, outputs.worker_response(given))
        rows = [{"source-ref": f"s3://data-bucket/raw/faces/{name}.jpg"} for name in OBJECTS]
        self.store.write(f"{folder}/{outputs.OUTPUT_MANIFEST}", outputs.manifest(rows, contents))
        done = [number for number, given in self._given.items() if len(given) >= RUN.task.workers_per_object]
        known = self.api.jobs[job]
        known["LabelCounters"] |= {"TotalLabeled": len(done), "Unlabeled": len(OBJECTS) - len(done)}
        if len(done) == len(OBJECTS):
            known["LabelingJobStatus"] = "Completed"

    def take_over(self, job: str) -> None:
        tags = self.api.jobs[job]["Tags"]
        self.api.jobs[job]["Tags"] = [
            {**tag, "Value": "another"} if tag["Key"] == "kempelen:run" else tag for tag in tags
        ]


@pytest.fixture(params=[Portal, LabelStudio, GroundTruth], ids=["portal", "label_studio", "ground_truth"])
def back(request: pytest.FixtureRequest) -> Back:
    made: Callable[[], Back] = request.param
    return made()


def started(back: Back, run: LabelRun = RUN) -> tuple[LabelingJob, BuiltManifest]:
    manifest = prepare(run, back.labeler.page(run.task), back.store)
    job = back.labeler.start(run, manifest)
    back.settle(job.name)
    return job, manifest


def test_a_start_makes_the_job_that_the_run_names(back: Back) -> None:
    job, _ = started(back)
    assert (job.name, job.created_here) == (back.labeler.name(RUN), True)
    progress = back.labeler.progress(job.name)
    assert (progress.finished, progress.labeled, progress.unlabeled) == (False, 0, 3)


def test_a_second_start_finds_it_and_knows_whose_it_is(back: Back) -> None:
    job, manifest = started(back)
    assert back.labeler.start(RUN, manifest) == job
    assert back.labeler.start(OTHER, manifest) == LabelingJob(name=job.name, created_here=False)


def test_a_job_of_another_run_is_a_conflict(back: Back) -> None:
    job, manifest = started(back)
    back.take_over(job.name)
    with pytest.raises(LabelingJobConflict):
        back.labeler.start(RUN, manifest)


def test_a_job_that_nobody_started_is_not_found(back: Back) -> None:
    with pytest.raises(NotFound):
        back.labeler.progress("kempelen-dev-label-none")
    assert not back.labeler.stop(RUN)


def test_it_is_finished_when_every_object_has_its_answers(back: Back) -> None:
    job, manifest = started(back)
    for _ in OBJECTS:
        for person in PEOPLE:
            back.answer(job.name, person, "open")
    back.settle(job.name)
    progress = back.labeler.progress(job.name)
    assert (progress.status, progress.finished, progress.labeled) == ("Completed", True, 3)
    result = back.labeler.result(RUN, job.name, manifest)
    assert {answer.label for answer in result.answers.values()} == {"open"}
    assert {(answer.confidence, answer.method) for answer in result.answers.values()} == {(0.97, "human")}
    assert {len(votes) for votes in result.votes.values()} == {2}


def test_what_is_labeled_half_way_is_there(back: Back) -> None:
    job, manifest = started(back)
    for person, label in zip(PEOPLE, ("open", "shut"), strict=True):
        back.answer(job.name, person, label)
    result = back.labeler.result(RUN, job.name, manifest)
    (source,) = result.answers
    assert source == "s3://data-bucket/raw/faces/a.jpg"
    assert sorted(vote.label or "" for vote in result.votes[source]) == ["open", "shut"]
    assert back.labeler.progress(job.name).labeled == 1


def test_only_its_own_execution_stops_it(back: Back) -> None:
    started(back)
    assert not back.labeler.stop(OTHER)
    assert back.labeler.stop(RUN)


def test_the_page_holds_the_question_as_text(back: Back) -> None:
    page = back.labeler.page(RUN.task.model_copy(update={"question": "<b>Is it?</b>"}))
    assert "<b>" not in page
    assert "&lt;b&gt;Is it?" in page


def test_checks_are_named_and_say_what_was_found(back: Back) -> None:
    checks = back.labeler.checks(RUN.task)
    assert checks
    assert all(check.name and check.detail for check in checks)
    assert json.dumps([vars(check) for check in checks])
