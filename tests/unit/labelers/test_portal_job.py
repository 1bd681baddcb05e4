"""A job in the portal is made once for each run, ends in every way with what people answered, and says so."""

from __future__ import annotations

import json
from typing import Any

import pytest

from domain.errors import LabelingJobConflict, NotFound
from domain.labeling.input_manifest import read_manifest
from domain.labeling.port import Labeler
from domain.labeling.prepare import prepare
from domain.labeling.rows import label_rows
from domain.labels.rows import write_labels
from domain.tasks import jobs
from domain.tasks.pool import TaskPool
from domain.workflow.states import BuiltManifest
from labelers.ground_truth.labeling_job import GroundTruthLabeler, JobSettings
from labelers.portal.labeler import Clockwork, PortalLabeler
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


def test_the_same_votes_give_the_same_rows_as_in_ground_truth(world: World) -> None:
    """Ground Truth's output as the local cloud writes it, which follows the formats that AWS documents."""
    from localcloud.ground_truth.job import outputs
    from localcloud.ground_truth.job.task_pool import Answer, Worker
    from localcloud.ground_truth.job.task_types import TASK_TYPES

    name, manifest = world.started()
    for labels in (("open", "open"), ("shut", "open"), ("shut",)):
        world.answer(name, *labels)
    ours = world.labeler.result(RUN, name, manifest)
    kind, labels = TASK_TYPES["ImageMultiClass"], list(RUN.task.labels)
    theirs = GroundTruthLabeler(FakeGroundTruth(), world.store, _GROUND_TRUTH)
    job = theirs.start(RUN, manifest).name
    folder = f"labeling/faces/run-1/output/{job}"
    rows, contents = [], {}
    for item in world.tasks.objects(world.tasks.job(name)):
        rows.append({"source-ref": item.source_ref})
        given = [Answer(Worker(w, "s"), a.content, a.accepted, a.submitted) for w, a in item.answers.items()]
        if given:
            chosen = kind.consolidate([kind.vote(one.content, labels) for one in given], len(labels))
            contents[item.number] = outputs.label_content("mouth", chosen, labels, job=job, task_type=kind, created=0.0)
            stamp = outputs.file_stamp(0)
            key = f"{folder}/{outputs.worker_response_path(item.number, stamp)}"
            world.store.write(key, outputs.worker_response(given))
    world.store.write(f"{folder}/{outputs.OUTPUT_MANIFEST}", outputs.manifest(rows, contents))
    assert _written(world, manifest, ours) == _written(world, manifest, theirs.result(RUN, job, manifest))
    assert '"confidence":' in _written(world, manifest, ours)


_GROUND_TRUTH = JobSettings(
    region="us-east-1",
    workteam="arn:aws:sagemaker:us-east-1:123456789012:workteam/private-crowd/team",
    role="arn:aws:iam::123456789012:role/labeling",
    job_prefix="kempelen-dev-",
    stage="dev",
)


def _written(world: World, manifest: BuiltManifest, result: Any) -> str:
    lines = [world.store.read(uri.key).split("\n") for uri in (manifest.manifest_uri, manifest.rejected_uri)]
    read = read_manifest(*lines, world.store.bucket, RUN.source_prefix)
    return write_labels(label_rows(read, result, RUN.task, "Stopped"))


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
