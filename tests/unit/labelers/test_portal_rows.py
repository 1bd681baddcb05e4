"""From a manifest's line, by people's answers in the portal, to a row of `labels.jsonl`."""

from __future__ import annotations

import json
from typing import Any

import pytest

from domain.errors import InvalidInput
from domain.labeling.manifest.input_manifest import Manifest, SourceObject
from domain.labeling.rows import label_rows
from domain.labels.rows import read_labels, write_labels
from domain.task_types import task_type
from domain.tasks import jobs
from domain.tasks.pool import TaskPool
from labelers.portal.labeler import Clockwork, PortalLabeler
from tests.support.builders.runs import LABELING, any_built_manifest, any_label_run
from tests.support.builders.tasks import Clock, InOrder, any_worker
from tests.support.fakes.memory_tasks import MemoryTaskStore
from tests.support.fakes.store import MemoryStore

RAW = "s3://data-bucket/raw/faces/"
WORKERS = [any_worker(name) for name in ("ada", "bob", "eve")]


def labeled(kind: str, file: str, line: dict[str, Any], answers: list[Any], labels: tuple[str, ...] = ()) -> Any:
    """The row of one object, which so many people answered, as JSON; it is read again on the way."""
    run = any_label_run(task={"type": kind, "question": "?", "labels": labels, "workers_per_object": len(answers)})
    store, tasks, clock = MemoryStore(), MemoryTaskStore(), Clock()
    store.write(f"{LABELING}input.manifest".removeprefix("s3://data-bucket/"), json.dumps(line) + "\n")
    built = any_built_manifest(objects=1, accepted=1)
    labeler = PortalLabeler(tasks, store, None, "kempelen-dev-", Clockwork(clock, clock.wait), lambda *_: None)
    name = labeler.start(run, built).name
    pool = TaskPool(tasks, clock, clock.wait, lambda job: jobs.settle(tasks, job, clock.now), InOrder())
    for worker, value in zip(WORKERS, answers, strict=False):
        task = pool.take(name, worker)
        pool.submit(name, task.task, worker, {task_type(kind).element: value})
    result = labeler.result(run, name, built)
    rows = list(label_rows(Manifest([SourceObject(file, RAW + file)]), result, run.task, "Completed"))
    text = write_labels(rows)
    assert read_labels(text) == rows
    return json.loads(text)


def test_a_text() -> None:
    line = {"source": "Late again!", "object": f"{RAW}1.txt"}
    row = labeled("text-single-label", "1.txt", line, [{"label": "blame"}] * 2, ("praise", "blame"))
    assert row == {
        "source": "1.txt",
        "source_ref": f"{RAW}1.txt",
        "status": "labeled",
        "label": "blame",
        "labels": ["blame"],
        "confidence": 0.97,
        "votes": [{"worker": "private.ada", "label": "blame"}, {"worker": "private.bob", "label": "blame"}],
        "method": "human",
        "reason": None,
    }


def test_a_transcript_with_what_each_worker_heard() -> None:
    line = {"source-ref": f"{RAW}1.wav", "transcript": "good morning"}
    right, wrong = {"verdict": "accept", "transcript": "forged"}, {"verdict": "correct", "transcript": "good evening"}
    row = labeled("audio-transcript", "1.wav", line, [wrong, right, wrong])
    assert (row["status"], row["label"], row["transcript"], row["confidence"]) == (
        "labeled",
        "corrected",
        "good evening",
        0.67,
    )
    assert row["votes"] == [
        {"worker": "private.ada", "label": "corrected", "transcript": "good evening"},
        {"worker": "private.bob", "label": "accepted", "transcript": "good morning"},
        {"worker": "private.eve", "label": "corrected", "transcript": "good evening"},
    ]


def test_a_clip_in_which_nothing_is_said_has_an_empty_transcript() -> None:
    line = {"source-ref": f"{RAW}1.wav", "transcript": "good morning"}
    row = labeled("audio-transcript", "1.wav", line, [{"verdict": "correct", "transcript": ""}])
    assert (row["label"], row["transcript"], row["confidence"]) == ("corrected", "", 0.0)
    assert row["votes"] == [{"worker": "private.ada", "label": "corrected", "transcript": ""}]


def test_a_record_with_a_verdict_on_each_field() -> None:
    line = {"source-ref": f"{RAW}1.json", "record": {"total": 119.5, "paid": True}}
    form = {
        "fields": {"paid": {"verdict": "reject", "value": None}, "total": {"verdict": "correct", "value": 120}},
    }
    row = labeled("record-review", "1.json", line, [form])
    review = {"total": {"verdict": "correct", "value": 120}, "paid": {"verdict": "reject", "value": None}}
    assert (row["status"], row["label"], row["confidence"]) == ("labeled", "rejected", 0.0)
    assert list(row["record"]) == ["total", "paid"]
    assert row["record"] == review
    assert row["votes"] == [{"worker": "private.ada", "label": "rejected", "record": review}]


def test_a_record_without_a_majority_names_its_fields_and_keeps_the_votes() -> None:
    line = {"source-ref": f"{RAW}1.json", "record": {"total": 119.5}}
    forms = [{"fields": {"total": {"verdict": verdict, "value": 120}}} for verdict in ("correct", "reject")]
    row = labeled("record-review", "1.json", line, forms)
    assert (row["status"], row["reason"]) == ("unlabeled", "no majority of the workers agrees on 'total'")
    assert [vote["label"] for vote in row["votes"]] == ["corrected", "rejected"]


def test_a_label_that_is_right_and_one_that_is_wrong() -> None:
    line = {"source-ref": f"{RAW}1.jpg", "label": "cat"}
    right, wrong = {"label": "right"}, {"label": "wrong"}
    row = labeled("image-label-verification", "1.jpg", line, [right, right, wrong], ("cat", "dog"))
    assert (row["status"], row["label"]) == ("labeled", "cat")
    assert 0 < row["confidence"] < 1
    row = labeled("image-label-verification", "1.jpg", line, [wrong, right, wrong], ("cat", "dog"))
    assert (row["status"], row["reason"]) == ("unlabeled", "2 of 3 workers found the label 'cat' wrong")
    assert row["votes"][1] == {"worker": "private.bob", "label": "cat"}


@pytest.mark.parametrize(
    ("kind", "line", "said"),
    [
        ("audio-transcript", {"source-ref": f"{RAW}1.wav"}, r"line 1: s3://.*1\.wav: transcript is missing"),
        ("record-review", {"source-ref": f"{RAW}1.json", "record": [1]}, "record must be an object"),
    ],
)
def test_a_line_that_lacks_what_the_type_needs_fails_before_people_are_asked(
    kind: str, line: dict[str, Any], said: str
) -> None:
    with pytest.raises(InvalidInput, match=said):
        labeled(kind, "x", line, [None])


def test_the_votes_say_what_was_suggested() -> None:
    line = {"source-ref": f"{RAW}a.jpg", "suggestion": "open"}
    row = labeled("image-single-label", "a.jpg", line, [{"label": "open"}, {"label": "shut"}], ("open", "shut"))
    assert [(vote["label"], vote["suggested"]) for vote in row["votes"]] == [("open", ["open"]), ("shut", ["open"])]
    useless = labeled(
        "image-single-label", "a.jpg", {**line, "suggestion": "ajar"}, [{"label": "open"}], ("open", "shut")
    )
    assert useless["votes"] == [{"worker": "private.ada", "label": "open"}]
