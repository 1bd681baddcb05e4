"""Output manifests and worker responses of Ground Truth, in the forms that they really take."""

from __future__ import annotations

import json
from typing import Any

import pytest

from domain.labeling.port import Answer
from domain.labels.boxes import BoxLabel
from domain.labels.consolidation import NO_LABEL
from labelers.ground_truth.job_output import read_output_manifest
from labelers.ground_truth.worker_responses import is_response, read_responses
from tests.support.builders.runs import any_label_run, any_task

SOURCE = "s3://b/a.jpg"
TASK = any_label_run(task=any_task(workers_per_object=3)).task
METADATA = {
    "class-name": "open",
    "confidence": 0.93,
    "type": "groundtruth/image-classification",
    "job-name": "labeling-job/faces",
    "human-annotated": "yes",
    "creation-date": "2026-11-22T10:00:00.000000",
}


def answer_of(row: dict[str, Any]) -> Answer | None:
    return read_line({"source-ref": SOURCE, **row})


def read_line(line: dict[str, Any], workers: int = 3) -> Answer | None:
    answers, _ = read_output_manifest(json.dumps(line), TASK, {SOURCE}, {SOURCE: workers})
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
    answers, ignored = read_output_manifest(text, TASK, {SOURCE}, {})
    assert answers[SOURCE].label == "open"
    assert ignored == 5


def response(worker: str, label: str, submitted: str) -> dict[str, Any]:
    content = {"crowd-image-classifier": {"label": label}}
    return {"workerId": worker, "submissionTime": submitted, "answerContent": content}


def key(index: int, name: str = "2026-11-22_10:00:00") -> str:
    return f"labeling/d/r/output/job/annotations/worker-response/iteration-1/{index}/{name}.json"


def votes_of(*files: tuple[str, dict[str, Any]]) -> dict[str, list[tuple[str, str]]]:
    texts = [(name, json.dumps(content)) for name, content in files]
    read, _ = read_responses(texts, TASK, [(SOURCE, {}), ("s3://b/b.jpg", {})])
    return {source: [(w, choice.labels[0]) for w, choice in sorted(votes.items())] for source, votes in read.items()}


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


# The developer guide's samples, docs.aws.amazon.com/sagemaker/latest/dg/sms-data-output.html, with names of ours.
def several_line(numbers: list[int], confidences: dict[str, float], **metadata: Any) -> dict[str, Any]:
    classes = {"1": "shut", "0": "open", "8": "wide"}
    return {
        "source-ref": SOURCE,
        "mouth": numbers,
        "mouth-metadata": {
            "job-name": "labeling-job/mouth",
            "class-map": {str(number): classes[str(number)] for number in numbers},
            "human-annotated": "yes",
            "creation-date": "2020-02-27T21:36:25.000201",
            "confidence-map": confidences,
            "type": "groundtruth/image-classification-multilabel",
            **metadata,
        },
    }


def test_of_several_labels_those_more_likely_than_not_count_in_the_order_of_the_task() -> None:
    line = several_line([1, 0, 8], {"1": 0.95, "0": 0.77, "8": 0.2})
    assert read_line(line) == Answer(None, 0.77, "human", labels=("open", "shut"))


def test_a_single_label_of_several_is_a_label_too() -> None:
    line = several_line([1, 8], {"1": 0.95, "8": 0.5})
    assert read_line(line) == Answer("shut", 0.95, "human", labels=("shut",))


def test_the_labels_of_one_worker_count_though_their_confidence_is_zero() -> None:
    line = several_line([0, 1], {"0": 0.0, "1": 0.0})
    assert read_line(line, workers=1) == Answer(None, 0.0, "human", labels=("open", "shut"))
    assert read_line(line) == Answer(None, reason=NO_LABEL)


def test_how_many_workers_there_were_is_what_the_task_says_when_their_answers_are_gone() -> None:
    text, alone = json.dumps(several_line([0], {"0": 0.0})), TASK.model_copy(update={"workers_per_object": 1})
    assert read_output_manifest(text, alone, {SOURCE}, {})[0][SOURCE].labels == ("open",)
    assert read_output_manifest(text, TASK, {SOURCE}, {})[0][SOURCE].labels == ()


def test_a_machines_several_labels_are_taken_by_their_own_confidence() -> None:
    line = several_line([0, 1], {"0": 0.9, "1": 0.1}, **{"human-annotated": "no"})
    assert read_line(line, workers=1) == Answer("open", 0.9, "machine", labels=("open",))


def test_an_image_for_which_nobody_chose_a_label_has_none() -> None:
    assert read_line(several_line([], {})) == Answer(None, reason=NO_LABEL)


def box_line(boxes: list[dict[str, int]], confidences: list[float], **metadata: Any) -> dict[str, Any]:
    return {
        "source-ref": SOURCE,
        "mouth": {"image_size": [{"width": 500, "height": 400, "depth": 3}], "annotations": boxes},
        "mouth-metadata": {
            "objects": [{"confidence": confidence} for confidence in confidences],
            "class-map": {"0": "open", "5": "shut"} if boxes else {},
            "type": "groundtruth/object-detection",
            "human-annotated": "yes",
            "creation-date": "2018-10-18T22:18:13.527256",
            "job-name": "identify-mouths",
            **metadata,
        },
    }


def test_boxes_are_read_with_the_confidence_of_the_least_sure() -> None:
    drawn = [
        {"class_id": 0, "left": 111, "top": 134, "width": 61, "height": 128},
        {"class_id": 5, "left": 161, "top": 250, "width": 30, "height": 30},
    ]
    boxes = (
        BoxLabel(label="open", left=111, top=134, width=61, height=128),
        BoxLabel(label="shut", left=161, top=250, width=30, height=30),
    )
    found = read_line(box_line(drawn, [0.8, 0.9]))
    assert found == Answer(None, 0.8, "human", labels=("open", "shut"), boxes=boxes)


def test_an_image_without_a_box_is_an_answer_of_which_ground_truth_tells_no_confidence() -> None:
    assert read_line(box_line([], [])) == Answer("no object", None, "human", labels=("no object",), boxes=())


@pytest.mark.parametrize(
    "change", [{"class-map": {}}, {"class-map": None}, {"objects": 7}], ids=["class missing", "no map", "no objects"]
)
def test_boxes_that_cannot_be_read_say_so(change: dict[str, Any]) -> None:
    line = box_line([{"class_id": 0, "left": 1, "top": 1, "width": 1, "height": 1}], [0.8], **change)
    answer = read_line(line)
    assert answer.labels == ()
    assert answer.reason.startswith("the answer cannot be read as boxes: ")


@pytest.mark.parametrize("line", [several_line([1], {"1": 0.9}), box_line([], [])], ids=["several labels", "boxes"])
def test_a_failure_is_told_whatever_was_asked(line: dict[str, Any]) -> None:
    line["mouth-metadata"]["failure-reason"] = "ClientError: no image"
    assert read_line(line) == Answer(None, reason="Ground Truth could not label it: ClientError: no image")


@pytest.mark.parametrize("value", [1, "1"])
def test_a_text_is_known_by_the_address_that_stands_beside_it(value: object) -> None:
    metadata = {**METADATA, "class-name": "open", "confidence": 0.8, "type": "groundtruth/text-classification"}
    line = {"source": "The food was delicious", "object": SOURCE, "mouth": value, "mouth-metadata": metadata}
    assert read_line(line) == Answer("open", 0.8, "human")


def test_answers_of_other_shapes_are_votes_and_what_no_page_can_give_is_counted() -> None:
    task = TASK.model_copy(update={"type": "image-multi-label"})
    element = "crowd-image-classifier-multi-select"
    given = [{"labels": ["shut", "open"]}, {"labels": []}, {"labels": ["cow"]}, {"label": "open"}]
    answers = [
        {"workerId": f"w{number}", "submissionTime": "10:00", "answerContent": {element: value}}
        for number, value in enumerate(given)
    ]
    read, unreadable = read_responses([(key(0), json.dumps({"answers": answers}))], task, [(SOURCE, {})])
    assert {worker: choice.labels for worker, choice in read[SOURCE].items()} == {"w0": ("open", "shut"), "w1": ()}
    assert unreadable == 2
