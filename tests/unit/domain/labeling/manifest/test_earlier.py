"""Nobody is asked twice for the same: a run asks for objects without a label and takes the labels that there are."""

from __future__ import annotations

import json
from typing import Any

import pytest

from domain.errors import NoUsableObjects
from domain.labeling.collect import collect
from domain.labeling.manifest.earlier import seen_as
from domain.labeling.manifest.prepare import prepare
from domain.labeling.port import Answer, LabelingResult
from domain.labels.rows import read_labels
from domain.task_types import task_type
from domain.workflow.inputs import LabelOutput
from domain.workflow.states import CollectRequest, LabelingJob, LabelingProgress, LabelRun
from tests.support.builders.runs import any_label_run, any_task
from tests.support.fakes.labeler import MemoryLabeler
from tests.support.fakes.ledger import MemoryLedger
from tests.support.fakes.store import MemoryStore

PREFIX = "s3://data-bucket/raw/faces/"


class World:
    def __init__(self, *names: str) -> None:
        self.store = MemoryStore(objects={f"raw/faces/{name}": name for name in names})
        self.ledger = MemoryLedger()

    def asked(self, run_id: str) -> list[str]:
        lines = self.store.read(f"labeling/faces/{run_id}/input.manifest").splitlines()
        return [json.loads(line)["source-ref"].rsplit("/", 1)[1] for line in lines]

    def label(self, run_id: str, answers: dict[str, str], **task: Any) -> LabelOutput:
        """A whole labeling run; `answers` by name."""
        result = LabelingResult({PREFIX + name: Answer(label, 0.9, "human") for name, label in answers.items()})
        return self.collect(any_label_run(run_id=run_id, task=any_task(**task)), result)

    def collect(self, run: LabelRun, result: LabelingResult) -> LabelOutput:
        manifest = prepare(run, "", self.store)
        job, progress = LabelingJob(name="job", created_here=True), LabelingProgress(status="Completed", finished=True)
        request = CollectRequest(run=run, manifest=manifest, job=job, progress=progress)
        return collect(request, MemoryLabeler(result), self.store, self.ledger)

    def labels(self, run_id: str) -> dict[str, str | None]:
        return {row.source: row.label for row in read_labels(self.store.read(f"labels/faces/{run_id}/labels.jsonl"))}


def grown() -> World:
    """Two labeled faces and one that nobody could tell, then a new one."""
    world = World("a.jpg", "b.jpg", "c.jpg")
    world.label("run-1", {"a.jpg": "open", "b.jpg": "shut"})
    world.store.write("raw/faces/d.jpg", "d")
    return world


def test_a_second_run_asks_for_what_has_no_label_and_has_the_labels_of_all() -> None:
    world = grown()
    output = world.label("run-2", {"c.jpg": "open", "d.jpg": "shut"})
    assert world.asked("run-2") == ["c.jpg", "d.jpg"]
    assert (output.reused, output.counts.objects, output.counts.labeled) == (2, 4, 4)
    assert world.labels("run-2") == {"a.jpg": "open", "b.jpg": "shut", "c.jpg": "open", "d.jpg": "shut"}
    assert output.classes == {"open": 2, "shut": 2}


def test_when_all_have_labels_nobody_is_asked() -> None:
    world = World("a.jpg")
    world.label("run-1", {"a.jpg": "open"})
    output = world.label("run-2", {"a.jpg": "shut"})  # what no job would answer
    assert world.asked("run-2") == []
    assert (output.reused, world.labels("run-2")) == (1, {"a.jpg": "open"})


def test_relabel_asks_for_all_and_the_newest_label_counts_from_then_on() -> None:
    world = grown()
    world.label("run-2", {"a.jpg": "shut"}, relabel=True)
    assert world.asked("run-2") == ["a.jpg", "b.jpg", "c.jpg", "d.jpg"]
    world.label("run-3", {})
    assert world.labels("run-3") == {"a.jpg": "shut", "b.jpg": "shut", "c.jpg": None, "d.jpg": None}
    assert world.labels("run-1")["a.jpg"] == "open"


@pytest.mark.parametrize("other", [{"question": "Is the mouth shut?"}, {"labels": ["open", "shut", "unclear"]}])
def test_another_question_is_asked_for_all(other: dict[str, Any]) -> None:
    world = grown()
    assert world.label("run-2", {}, **other).reused == 0
    assert len(world.asked("run-2")) == 4


def test_the_terms_of_the_work_and_the_order_of_labels_make_no_other_question() -> None:
    world = grown()
    assert world.label("run-2", {}, labels=["shut", "open"], workers_per_object=5, title="Mouths").reused == 2


def test_an_object_whose_content_was_replaced_is_asked_for_again() -> None:
    world = grown()
    world.store.write("raw/faces/a.jpg", "another picture")
    world.label("run-2", {"a.jpg": "shut"})
    assert world.asked("run-2") == ["a.jpg", "c.jpg", "d.jpg"]
    assert world.labels("run-2")["a.jpg"] == "shut"


def test_an_object_that_is_gone_is_not_in_the_labels_any_more() -> None:
    world = grown()
    del world.store.objects["raw/faces/a.jpg"]
    world.label("run-2", {})
    assert set(world.labels("run-2")) == {"b.jpg", "c.jpg", "d.jpg"}


def test_the_first_run_of_a_data_set_leaves_no_file_of_reused_labels() -> None:
    world = grown()
    assert not world.store.exists("labeling/faces/run-1/reused.jsonl")
    with pytest.raises(NoUsableObjects):
        World().label("run-1", {})


def test_of_another_transcript_nobody_has_said_whether_it_is_right() -> None:
    kind = task_type("audio-transcript")
    seen = seen_as("etag-1", {"transcript": "good morning"}, kind)
    assert seen == seen_as("etag-1", {"transcript": "good morning", "weather": "fine"}, kind)
    others = [("etag-2", "good morning"), ("etag-1", "good evening"), ("etag-1", "")]
    assert seen not in [seen_as(etag, {"transcript": text}, kind) for etag, text in others]


def test_where_the_content_is_all_that_people_see_the_etag_alone_decides() -> None:
    assert seen_as("etag-1", {"weather": "fine"}, task_type("image-single-label")) == "etag-1"


def test_a_clip_whose_transcript_was_changed_is_asked_for_again() -> None:
    world, key = World(), "raw/clips.jsonl"
    kind: dict[str, Any] = {"type": "audio-transcript", "labels": ()}
    for name in ("a.wav", "b.wav"):
        world.store.objects[f"raw/faces/{name}"] = name

    def told(**transcripts: str) -> None:
        rows = [{"file": f"{name}.wav", "transcript": text} for name, text in transcripts.items()]
        world.store.objects[key] = "".join(f"{json.dumps(row)}\n" for row in rows)

    told(a="CHECK", b="CHECK MATE")
    first = any_label_run(run_id="run-1", task=any_task(**kind), manifest=key)
    answer = Answer("accepted", 1.0, "human", transcript="CHECK")
    world.collect(first, LabelingResult({PREFIX + "a.wav": answer, PREFIX + "b.wav": answer}))
    told(a="CHECK", b="CHECKMATE")
    second = prepare(first.model_copy(update={"run_id": "run-2"}), "", world.store)
    assert (second.reused, world.asked("run-2")) == (1, ["b.wav"])
