"""A job in the portal is made once for each run, ends in every way with what people answered, and says so."""

from __future__ import annotations

import json
from typing import Any

import pytest

from domain.errors import LabelingJobConflict, NotFound
from domain.labeling.manifest.input_manifest import read_manifest
from domain.labeling.manifest.prepare import prepare
from domain.labeling.port import Labeler
from domain.labeling.rows import label_rows
from domain.labels.rows import write_labels
from domain.tasks import jobs
from domain.tasks.pool import TaskPool
from domain.workflow.states import BuiltManifest, LabelRun
from labelers.ground_truth.built_in_functions import BUILT_IN
from labelers.ground_truth.labeling_job import GroundTruthLabeler, JobSettings
from labelers.portal.labeler import Clockwork, PortalLabeler
from localcloud.ground_truth.job import outputs
from localcloud.ground_truth.job.task_pool import Answer, Worker
from localcloud.ground_truth.job.task_types import TASK_TYPES as LOCAL_TASK_TYPES
from tests.support.builders.runs import any_label_run, any_task
from tests.support.builders.tasks import Clock, InOrder, answer_of, any_worker
from tests.support.fakes.ground_truth import FakeGroundTruth
from tests.support.fakes.memory_tasks import MemoryTaskStore
from tests.support.fakes.store import MemoryStore

RUN = any_label_run(task=any_task(workers_per_object=2))
WORKERS = [any_worker(name) for name in ("ada", "bob", "eve")]


class Team:
    def __init__(self, *emails: str) -> None:
        self.emails = list(emails)

    def members(self) -> list[str]:
        return self.emails


class World:
    def __init__(self) -> None:
        self.store = MemoryStore(objects={f"raw/faces/{name}.jpg": name for name in "abc"})
        self.tasks = MemoryTaskStore()
        self.clock = Clock()
        self.told: list[tuple[str, str]] = []
        self.team = Team("ada@example.com")
        self.labeler = PortalLabeler(
            self.tasks,
            self.store,
            self.team,
            "kempelen-dev-",
            Clockwork(self.clock, self.clock.wait),
            lambda name, status: self.told.append((name, status)),
        )
        self.pool = TaskPool(
            self.tasks,
            self.clock,
            self.clock.wait,
            lambda name: jobs.settle(self.tasks, name, self.clock.now),
            InOrder(),
        )

    def started(self) -> tuple[str, BuiltManifest]:
        manifest = prepare(RUN, self.labeler.page(RUN.task), self.store)
        return self.labeler.start(RUN, manifest).name, manifest

    def answer(self, job: str, *labels: str) -> None:
        for worker, label in zip(WORKERS, labels, strict=False):
            if task := self.pool.take(job, worker):
                self.pool.submit(job, task.task, worker, answer_of(label))


@pytest.fixture
def world() -> World:
    return World()


def test_a_job_starts_once_and_is_found_again(world: World) -> None:
    name, manifest = world.started()
    assert world.labeler.start(RUN, manifest).created_here
    other = RUN.model_copy(update={"execution": "execution-2"})
    assert not world.labeler.start(other, manifest).created_here
    job = world.tasks.job(name)
    assert (job.status, job.objects, job.needed) == ("InProgress", 3, 2)


def test_a_start_that_died_half_way_is_made_whole(world: World) -> None:
    manifest = prepare(RUN, world.labeler.page(RUN.task), world.store)
    job = world.labeler._new_job(RUN, manifest)
    world.tasks.add_job(job)
    world.tasks.add_objects(job, list(world.labeler._objects(job, manifest))[:1])
    assert world.pool.take(job.name, WORKERS[0]) is None
    world.labeler.start(RUN, manifest)
    assert len(list(world.tasks.objects(job))) == 3
    assert world.pool.take(job.name, WORKERS[0]) is not None


def test_a_job_of_another_run_is_a_conflict(world: World) -> None:
    name, manifest = world.started()
    job = world.tasks.job(name)
    world.tasks.kept[name] = job.model_copy(update={"run_id": "another"})
    with pytest.raises(LabelingJobConflict, match="another run_id"):
        world.labeler.start(RUN, manifest)


def test_progress_counts_and_an_unknown_job_is_said_to_be_none(world: World) -> None:
    name, _ = world.started()
    world.answer(name, "open", "open")
    progress = world.labeler.progress(name)
    assert (progress.status, progress.finished, progress.labeled, progress.unlabeled) == ("InProgress", False, 1, 2)
    with pytest.raises(NotFound, match="no job nobody"):
        world.labeler.progress("nobody")


def test_the_seconds_of_each_answer_are_told_by_worker(world: World) -> None:
    name, manifest = world.started()
    first, second = (world.pool.take(name, worker) for worker in WORKERS[:2])
    for task, worker in ((first, WORKERS[0]), (second, WORKERS[1])):
        world.clock.now += 2.5
        world.pool.submit(name, task.task, worker, answer_of("open"))
    ada, bob = (worker.worker_id for worker in WORKERS[:2])
    assert world.labeler.result(RUN, name, manifest).seconds == {ada: [2.5], bob: [5.0]}


def test_the_end_that_nobody_saw_is_seen_by_the_next_look(world: World) -> None:
    name, _ = world.started()
    world.pool.ended = lambda _name: None  # the process died before it could
    for _ in range(3):
        world.answer(name, "open", "open", "open")
    assert world.tasks.job(name).status == "InProgress"
    progress = world.labeler.progress(name)
    assert (progress.status, progress.labeled) == ("Completed", 3)


def test_only_its_own_execution_stops_a_job_and_its_end_is_told(world: World) -> None:
    name, _ = world.started()
    assert not world.labeler.stop(RUN.model_copy(update={"execution": "execution-2"}))
    assert world.labeler.stop(RUN)
    assert world.told == [(name, "Stopped")]
    assert not world.labeler.stop(RUN)


def test_a_stop_waits_for_what_is_in_hand_but_not_for_ever(world: World) -> None:
    name, _ = world.started()
    world.pool.take(name, WORKERS[0])
    before = world.clock.now
    world.labeler.stop(RUN)
    assert jobs.GRACE_SECONDS <= world.clock.now - before <= 2 * jobs.GRACE_SECONDS
    assert world.tasks.job(name).status == "Stopped"


def test_a_stop_whose_function_died_is_finished_by_the_next(world: World) -> None:
    name, _ = world.started()
    jobs.stop(world.tasks, name, world.clock.now)
    assert world.labeler.stop(RUN)
    assert world.told == [(name, "Stopped")]


def test_nobody_to_ask_is_told_before_anything_starts(world: World) -> None:
    world.team.emails.clear()
    failed = [check for check in world.labeler.checks(RUN.task) if not check.ok]
    assert ["workforce.workers" in check.detail for check in failed] == [True]


def test_all_answers_are_kept_as_they_came(world: World) -> None:
    name, manifest = world.started()
    world.answer(name, "open", "shut")
    world.labeler.result(RUN, name, manifest)
    kept = world.store.read(f"labeling/faces/run-1/output/{name}/answers.jsonl")
    rows = [json.loads(line) for line in kept.splitlines()]
    assert [(row["worker"], row["content"]) for row in rows] == [
        ("private.ada", answer_of("open")),
        ("private.bob", answer_of("shut")),
    ]


def single(label: str) -> dict[str, Any]:
    return answer_of(label)


def several(*labels: str) -> dict[str, Any]:
    return {"crowd-image-classifier-multi-select": {"labels": list(labels)}}


def boxes(*drawn: tuple[str, float, float, float, float]) -> dict[str, Any]:
    names = ("label", "left", "top", "width", "height")
    given = [dict(zip(names, box, strict=True)) for box in drawn]
    return {"crowd-bounding-box": {"boundingBoxes": given, "inputImageProperties": {"width": 90, "height": 60}}}


CAT, MOVED, DOG = ("open", 10, 10, 20, 20), ("open", 12, 10, 20, 22), ("shut", 50, 5, 30, 30)


@pytest.mark.parametrize(
    ("name", "votes"),
    [
        ("image-single-label", [[single("open")] * 2, [single("shut"), single("open")], [single("shut")]]),
        (
            "image-multi-label",
            [
                [several("shut", "open"), several("open"), several("open", "shut")],
                [several("open"), several("shut"), several()],
                [several("shut")],
            ],
        ),
        (
            "image-bounding-box",
            [
                [boxes(CAT, DOG), boxes(MOVED, DOG), boxes(MOVED)],
                [boxes(CAT), boxes(MOVED)],
                [boxes(DOG, CAT)],
            ],
        ),
    ],
)
def test_the_same_votes_give_the_same_rows_as_in_ground_truth(name: str, votes: list[list[dict[str, Any]]]) -> None:
    ours, theirs = both_backends(name, votes)
    assert ours == theirs
    assert '"confidence":' in ours
    assert ours.count('"worker"') == sum(map(len, votes))


def test_ground_truths_format_has_no_confidence_for_an_image_without_a_box_and_no_half_pixels() -> None:
    """Where the rows of the back ends differ, and nowhere else: docs/labeling.md says so."""
    shifted = ("open", 11, 10, 20, 21)
    ours, theirs = both_backends("image-bounding-box", [[boxes(), boxes()], [boxes(CAT), boxes(shifted)]])
    nothing, halves = ([json.loads(line) for line in text.splitlines()][:2] for text in (ours, theirs))
    assert [row.pop("confidence") for row in (nothing[0], halves[0])] == [1.0, None]
    assert nothing[0] == halves[0]
    edges = [(row["boxes"][0]["left"], row["boxes"][0]["height"]) for row in (nothing[1], halves[1])]
    assert edges == [(10.5, 20.5), (11.0, 21.0)]


def both_backends(name: str, votes: list[list[dict[str, Any]]]) -> tuple[str, str]:
    """`labels.jsonl` from our portal and from Ground Truth, whose output is as the local cloud writes it, which
    follows the formats that AWS documents."""
    world, run = World(), any_label_run(task=any_task(type=name, workers_per_object=3))
    manifest = prepare(run, world.labeler.page(run.task), world.store)
    job = world.labeler.start(run, manifest).name
    for forms in votes:
        for worker, form in zip(WORKERS, forms, strict=False):
            world.pool.submit(job, world.pool.take(job, worker).task, worker, form)
    ours = world.labeler.result(run, job, manifest)
    theirs = GroundTruthLabeler(FakeGroundTruth(), world.store, _GROUND_TRUTH)
    their_job = theirs.start(run, manifest).name
    write_as_ground_truth(world, run, job, their_job)
    return tuple(_written(world, run, manifest, one) for one in (ours, theirs.result(run, their_job, manifest)))


def write_as_ground_truth(world: World, run: LabelRun, job: str, their_job: str) -> None:
    labels, folder = list(run.task.labels), f"labeling/faces/run-1/output/{their_job}"
    kind = LOCAL_TASK_TYPES[BUILT_IN[run.task.type].function]
    rows, contents = [], {}
    for item in world.tasks.objects(world.tasks.job(job)):
        rows.append({"source-ref": item.source_ref})
        given = [Answer(Worker(w, "s"), a.content, a.accepted, a.submitted) for w, a in item.answers.items()]
        if given:
            label = kind.label([one.content for one in given], labels)
            contents[item.number] = outputs.label_content("mouth", label, job=their_job, task_type=kind, created=0.0)
            path = outputs.worker_response_path(item.number, outputs.file_stamp(0))
            world.store.write(f"{folder}/{path}", outputs.worker_response(given))
    world.store.write(f"{folder}/{outputs.OUTPUT_MANIFEST}", outputs.manifest(rows, contents))


_GROUND_TRUTH = JobSettings(
    region="us-east-1",
    workteam="arn:aws:sagemaker:us-east-1:123456789012:workteam/private-crowd/team",
    role="arn:aws:iam::123456789012:role/labeling",
    job_prefix="kempelen-dev-",
    stage="dev",
)


def _written(world: World, run: LabelRun, manifest: BuiltManifest, result: Any) -> str:
    lines = [world.store.read(uri.key).split("\n") for uri in (manifest.manifest_uri, manifest.rejected_uri)]
    read = read_manifest(*lines, world.store.bucket, run.source_prefix)
    return write_labels(label_rows(read, result, run.task, "Stopped"))


def test_it_is_a_labeler(world: World) -> None:
    labeler: Labeler = world.labeler
    assert labeler.name(RUN).startswith("kempelen-dev-label-faces-")


@pytest.mark.parametrize(
    ("limits", "labeled"),
    [({"max_labeled_objects": 2}, 2), ({"max_labeled_percent": 34}, 2), ({"max_labeled_percent": 1}, 1)],
)
def test_a_job_stops_by_itself_when_enough_is_labeled(world: World, limits: dict[str, int], labeled: int) -> None:
    run = any_label_run(task=any_task(workers_per_object=1, **limits))
    name = world.labeler.start(run, prepare(run, world.labeler.page(run.task), world.store)).name
    for _ in range(3):
        world.answer(name, "open")
    progress = world.labeler.progress(name)
    assert (progress.status, progress.finished, progress.labeled) == ("Stopped", True, labeled)


def test_a_limit_beyond_all_objects_completes(world: World) -> None:
    run = any_label_run(task=any_task(workers_per_object=1, max_labeled_objects=99))
    name = world.labeler.start(run, prepare(run, world.labeler.page(run.task), world.store)).name
    for _ in range(3):
        world.answer(name, "open")
    assert world.labeler.progress(name).status == "Completed"
