"""Output manifests and worker responses of Ground Truth, in the forms that they really take."""

from __future__ import annotations

import json
from typing import Any

import pytest

from domain.labeling.port import Answer
from labelers.ground_truth.job_output import is_response, read_output_manifest, read_responses

SOURCE = "s3://b/a.jpg"
METADATA = {
    "class-name": "open",
    "confidence": 0.93,
    "type": "groundtruth/image-classification",
    "job-name": "labeling-job/faces",
    "human-annotated": "yes",
    "creation-date": "2026-11-22T10:00:00.000000",
}


def answer_of(row: dict[str, Any]) -> Answer | None:
    answers, _ = read_output_manifest(json.dumps({"source-ref": SOURCE, **row}), "mouth", frozenset([SOURCE]))
    return answers.get(SOURCE)


@pytest.mark.parametrize("value", [0, 1, "0", "open", None])
def test_the_class_name_of_the_metadata_is_trusted_whatever_the_value_is(value: object) -> None:
    assert answer_of({"mouth": value, "mouth-metadata": METADATA}) == Answer("open", 0.93, "human")


def test_a_machines_label_is_told_from_a_persons() -> None:
    assert answer_of({"mouth": 0, "mouth-metadata": {**METADATA, "human-annotated": "no"}}).method == "machine"


@pytest.mark.parametrize(
    ("confidence", "kept"), [(0, 0.0), (1, 1.0), (1.5, None), ("0.5", None), (None, None), (True, None)]
)
def test_a_confidence_is_kept_when_it_is_one(confidence: object, kept: float | None) -> None:
    assert answer_of({"mouth": 0, "mouth-metadata": {**METADATA, "confidence": confidence}}).confidence == kept


def test_an_object_that_came_back_as_it_went_in_has_no_answer() -> None:
    assert answer_of({}) is None


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (
            {"mouth-metadata": {"failure-reason": "ClientError: no image"}},
            "Ground Truth could not label it: ClientError: no image",
        ),
        ({"mouth": 0}, "the answer has no mouth-metadata"),
        ({"mouth": 0, "mouth-metadata": {"confidence": 1}}, "the answer's metadata has no class-name"),
    ],
)
def test_an_answer_without_a_label_says_why(row: dict[str, Any], reason: str) -> None:
    assert answer_of(row) == Answer(None, reason=reason)


def test_rows_that_cannot_be_used_are_counted_and_the_first_of_two_counts() -> None:
    first = json.dumps({"source-ref": SOURCE, "mouth": 0, "mouth-metadata": METADATA})
    second = json.dumps({"source-ref": SOURCE, "mouth": 1, "mouth-metadata": {**METADATA, "class-name": "shut"}})
    foreign = json.dumps({"source-ref": "s3://b/other.jpg"})
    text = "\n".join([first, second, foreign, "not json", "[1]", "{}", ""])
    answers, ignored = read_output_manifest(text, "mouth", frozenset([SOURCE]))
    assert answers[SOURCE].label == "open"
    assert ignored == 5


def response(worker: str, label: str, submitted: str) -> dict[str, Any]:
    content = {"crowd-image-classifier": {"label": label}}
    return {"workerId": worker, "submissionTime": submitted, "answerContent": content}


def key(index: int, name: str = "2026-11-22_10:00:00") -> str:
    return f"labeling/d/r/output/job/annotations/worker-response/iteration-1/{index}/{name}.json"


def votes_of(*files: tuple[str, dict[str, Any]]) -> dict[str, list[tuple[str, str]]]:
    texts = [(name, json.dumps(content)) for name, content in files]
    read = read_responses(texts, "crowd-image-classifier", [SOURCE, "s3://b/b.jpg"])
    return {source: [(vote.worker, vote.label) for vote in votes] for source, votes in read.items()}


def test_votes_of_several_files_come_together_by_object_and_worker() -> None:
    first = (key(0), {"answers": [response("w2", "shut", "10:00"), response("w1", "open", "10:01")]})
    later = (key(0, "later"), {"answers": [response("w3", "open", "10:02")]})
    assert votes_of(first, later) == {SOURCE: [("w1", "open"), ("w2", "shut"), ("w3", "open")]}


def test_a_worker_who_answers_again_counts_once_with_the_last_answer() -> None:
    late = (key(0, "b"), {"answers": [response("w1", "shut", "10:05")]})
    early = (key(0, "a"), {"answers": [response("w1", "open", "10:00")]})
    assert votes_of(late, early) == votes_of(early, late) == {SOURCE: [("w1", "shut")]}


def test_a_line_beyond_the_manifest_belongs_to_nobody() -> None:
    assert votes_of((key(7), {"answers": [response("w1", "open", "10:00")]})) == {}


def test_only_response_files_are_responses() -> None:
    assert is_response(key(3))
    assert not is_response("labeling/d/r/output/job/manifests/output/output.manifest")
    assert not is_response(key(3).removesuffix(".json"))
