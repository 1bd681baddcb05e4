"""The end of a labeling job wakes who waits for it; labels are kept though nobody does."""

from __future__ import annotations

from dataclasses import replace

import pytest

from domain.labeling.manifest.prepare import prepare
from domain.labeling.port import Answer, LabelingResult
from domain.labeling.watch import Watched, await_end, execution_ended, job_ended
from domain.labels.rows import read_labels
from domain.workflow.states import AwaitRequest, LabelRun
from tests.support.builders.runs import any_label_run
from tests.support.fakes.labeler import MemoryLabeler
from tests.support.fakes.ledger import MemoryLedger
from tests.support.fakes.state_machine import MemoryExecutions
from tests.support.fakes.store import MemoryStore

A = "s3://data-bucket/raw/faces/a.jpg"
LABELS = "labels/faces/run-1/labels.jsonl"
ONE = LabelingResult({A: Answer("open", 0.9, "human")})


class World:
    """Two faces, one of them labeled, and an execution that waits for the job."""

    def __init__(self, status: str = "InProgress", result: LabelingResult = ONE) -> None:
        self.store = MemoryStore(objects={"raw/faces/a.jpg": "a", "raw/faces/b.jpg": "b"})
        self.labeler = MemoryLabeler(result, status)
        self.executions = MemoryExecutions()
        self.on = Watched(lambda _run: self.labeler, self.store, MemoryLedger(), self.executions)
        self.run = any_label_run()
        manifest = prepare(self.run, "", self.store)
        self.job = self.labeler.start(self.run, manifest)
        self.request = AwaitRequest(run=self.run, job=self.job, manifest=manifest, token="token-1")
        self.executions.waiting.add("token-1")

    def stop_execution(self) -> None:
        self.executions.ended.add(self.run.execution)
        self.executions.waiting.clear()

    def labels(self) -> list[str | None]:
        return [row.label for row in read_labels(self.store.read(LABELS))]


def test_the_end_of_the_job_wakes_the_execution_which_collects_the_labels() -> None:
    world = World()
    assert not await_end(world.request, world.on)
    world.labeler.stop(world.run)
    assert job_ended("JOB-run-1", world.on) == "woken"  # an ARN may be in other letters
    assert world.executions.waiting == set()
    assert [(told.status, told.finished) for told in world.executions.told] == [("Stopped", True)]
    assert not world.store.exists(LABELS)


def test_a_job_that_ended_before_anybody_waited_wakes_at_once() -> None:
    world = World("Completed")
    assert await_end(world.request, world.on)
    assert world.executions.waiting == set()


def test_an_execution_between_two_waits_sees_for_itself() -> None:
    world = World()
    await_end(world.request, world.on)
    world.executions.waiting.clear()
    world.labeler.stop(world.run)
    assert job_ended(world.job.name, world.on) == "sees for itself"
    assert not world.store.exists(LABELS)


def test_a_stopped_execution_stops_its_job_and_what_was_labeled_is_kept() -> None:
    world = World()
    await_end(world.request, world.on)
    world.stop_execution()
    assert execution_ended(world.run, world.on) == "stopping"
    assert world.labeler.progress(world.job.name).status == "Stopped"
    assert job_ended(world.job.name, world.on) == "labels kept"
    assert world.labels() == ["open", None]
    assert world.on.ledger.newest_labels("faces").run_id == "run-1"


def test_an_execution_that_was_stopped_before_it_waited_keeps_its_labels_too() -> None:
    world = World()
    world.stop_execution()
    assert execution_ended(world.run, world.on) == "stopping"
    assert job_ended(world.job.name, world.on) == "labels kept"
    assert world.labels() == ["open", None]


def test_labels_of_a_job_that_was_over_when_its_execution_was_stopped_are_kept_too() -> None:
    world = World("Completed")
    world.on.ledger.watch(world.request)
    # Step Functions may go on saying for a moment that it runs.
    assert execution_ended(world.run, world.on) == "labels kept"
    assert world.labels() == ["open", None]


def test_a_job_that_a_second_execution_waits_for_is_left_to_it() -> None:
    world = World()
    second = any_label_run("execution-2")
    await_end(world.request.model_copy(update={"run": second}), world.on)
    assert execution_ended(any_label_run("execution-3"), world.on) == "not over"
    assert world.labeler.progress(world.job.name).status == "InProgress"


def test_a_job_that_nobody_labeled_anything_in_leaves_nothing_to_use() -> None:
    world = World("Failed", LabelingResult())
    world.on.ledger.watch(world.request)
    world.stop_execution()
    assert job_ended(world.job.name, world.on) == "nothing labeled"
    assert world.on.ledger.newest_labels("faces") is None


@pytest.mark.parametrize("job", ["job-of-somebody-else", "kempelen-dev-label-faces-00000000"])
def test_a_job_that_nobody_waits_for_is_left_alone(job: str) -> None:
    assert job_ended(job, World().on) == "nobody waits"


def test_everything_goes_to_the_backend_that_the_run_is_in() -> None:
    """The stopped execution's own input names none; the ledger knows, and so does the run that waits."""
    world, asked = World(), []

    def labeler_of(run: LabelRun) -> MemoryLabeler:
        asked.append(run.backend)
        return world.labeler

    on = replace(world.on, labeler_of=labeler_of)
    on.ledger.keep_backend("faces", "run-1", "portal")
    chosen = world.run.model_copy(update={"backend": "portal"})
    await_end(world.request.model_copy(update={"run": chosen}), on)
    world.stop_execution()
    assert execution_ended(world.run.model_copy(update={"backend": "ground_truth"}), on) == "stopping"
    assert job_ended(world.job.name, on) == "labels kept"
    assert set(asked) == {"portal"}


def test_an_execution_that_was_refused_by_its_preflight_has_no_job_of_its_own() -> None:
    """It named a back end that the stage does not have, and nothing was decided."""
    world, asked = World(), []
    on = replace(world.on, labeler_of=lambda run: asked.append(run.backend) or world.labeler)
    stranger = any_label_run("execution-2", run_id="run-2", backend="label_studio")
    assert execution_ended(stranger, on) == "nobody waits"
    assert asked == ["auto"]
