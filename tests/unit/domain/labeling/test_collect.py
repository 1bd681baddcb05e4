"""The end of a labeling run, however the job ended."""

from __future__ import annotations

import pytest

from domain.errors import LabelingFailed
from domain.labeling.collect import collect
from domain.labeling.manifest.prepare import prepare
from domain.labeling.port import Answer, Labeler, LabelingResult
from domain.labels.rows import read_labels
from domain.workflow.ports import Ledger, ObjectStore
from domain.workflow.states import CollectRequest, LabelingProgress
from tests.support.builders.runs import any_label_run, any_newest_labels
from tests.support.fakes.labeler import MemoryLabeler
from tests.support.fakes.ledger import MemoryLedger
from tests.support.fakes.store import MemoryStore

A, B = "s3://data-bucket/raw/faces/a.jpg", "s3://data-bucket/raw/faces/b.jpg"
LABELS = "labels/faces/run-1/labels.jsonl"


class World:
    def __init__(self, result: LabelingResult, status: str = "Completed") -> None:
        self.store: ObjectStore = MemoryStore(objects={"raw/faces/a.jpg": "a", "raw/faces/b.jpg": "b"})
        self.ledger: Ledger = MemoryLedger()
        self.labeler: Labeler = MemoryLabeler(result, status)
        run = any_label_run()
        manifest = prepare(run, "", self.store)
        job = self.labeler.start(run, manifest)
        progress = LabelingProgress(status=status, finished=True, failure_reason="no role")
        self.request = CollectRequest(run=run, manifest=manifest, job=job, progress=progress)

    def collect(self) -> object:
        return collect(self.request, self.labeler, self.store, self.ledger)


BOTH = LabelingResult({A: Answer("open", 0.9, "human"), B: Answer("shut", 0.8, "human")})
ONE = LabelingResult({A: Answer("open", 0.9, "human")})


def test_labels_are_written_counted_and_known_as_the_newest() -> None:
    world = World(BOTH)
    output = world.collect()
    assert output.classes == {"open": 1, "shut": 1}
    assert (output.counts.objects, output.counts.labeled) == (2, 2)
    assert [row.label for row in read_labels(world.store.read(LABELS))] == ["open", "shut"]
    newest = world.ledger.newest_labels("faces")
    assert (newest.labels_uri, newest.source_prefix, newest.label_attribute) == (
        f"s3://data-bucket/{LABELS}",
        "raw/faces/",
        "mouth",
    )


@pytest.mark.parametrize("status", ["Stopped", "Failed"])
def test_partial_labels_of_a_job_that_ended_early_are_kept(status: str) -> None:
    world = World(ONE, status)
    output = world.collect()
    assert (output.job_status, output.counts.labeled, output.counts.unlabeled) == (status, 1, 1)
    assert output.classes == {"open": 1, "shut": 0}


@pytest.mark.parametrize("status", ["Completed", "Stopped"])
def test_a_job_without_a_label_answers_and_leaves_the_newest_labels_alone(status: str) -> None:
    world = World(LabelingResult(), status)
    world.ledger.record_labels(any_newest_labels(run_id="earlier"))
    assert world.collect().counts.labeled == 0
    assert world.ledger.newest_labels("faces").run_id == "earlier"


def test_a_failed_job_without_a_label_fails_the_run_but_lists_every_object() -> None:
    world = World(LabelingResult(), "Failed")
    with pytest.raises(LabelingFailed, match=r"job-run-1 failed, none of 2 objects is labeled: no role \(see s3://"):
        world.collect()
    assert len(read_labels(world.store.read(LABELS))) == 2


def test_collecting_twice_gives_the_same() -> None:
    world = World(BOTH)
    first = world.collect()
    text = world.store.read(LABELS)
    assert world.collect() == first
    assert world.store.read(LABELS) == text
