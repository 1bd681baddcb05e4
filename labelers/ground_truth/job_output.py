"""What a labeling job leaves in S3, read with the suspicion that it deserves: its output manifest.

Formats: https://docs.aws.amazon.com/sagemaker/latest/dg/sms-data-output.html
"""

from __future__ import annotations

import json
from collections.abc import Callable, Container, Mapping
from typing import Any, Literal

from pydantic import ValidationError

from domain.jsonlines import lines_of
from domain.labeling.manifest.input_manifest import object_of
from domain.labeling.port import Answer
from domain.labels.box_manifest import read_boxes
from domain.labels.consolidation import NO_LABEL, chosen_labels
from domain.workflow.inputs import LabelingTask

Fields = Mapping[str, Any]


def read_output_manifest(
    text: str, task: LabelingTask, known: Container[str], workers: Mapping[str, int]
) -> tuple[dict[str, Answer], int]:
    """Answers by object's URI, and how many rows were ignored: unreadable, unknown, or of an object seen before.

    `workers` says how many people answered an object, as far as their answers are there.
    """
    answers: dict[str, Answer] = {}
    ignored = 0
    for _, line in lines_of(text):
        row = json_object(line)
        source = _source(row)
        if source not in known or source in answers:
            ignored += 1
            continue
        answer = _answer(row, task, workers.get(source) or task.workers_per_object)
        if answer is not None:
            answers[source] = answer
    return answers, ignored


def json_object(text: str) -> dict[str, Any]:
    """Empty where the text is none."""
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        return {}
    return value if isinstance(value, dict) else {}


def _source(row: Fields) -> str:
    try:
        return object_of(row)[0]
    except KeyError:
        return ""


def _answer(row: Fields, task: LabelingTask, workers: int) -> Answer | None:
    """None for an object that came back as it went in."""
    attribute = task.label_attribute
    metadata = row.get(f"{attribute}-metadata")
    if not isinstance(metadata, dict):
        return Answer(None, reason=f"the answer has no {attribute}-metadata") if attribute in row else None
    if metadata.get("failure-reason"):
        return Answer(None, reason=f"Ground Truth could not label it: {metadata['failure-reason']}")
    read = _FORMATS.get(str(metadata.get("type")), _one_label)
    method: Literal["human", "machine"] = "machine" if metadata.get("human-annotated") == "no" else "human"
    return read(row.get(attribute), metadata, task, workers, method)


def _one_label(_value: Any, metadata: Fields, _task: LabelingTask, _workers: int, method: Any) -> Answer:
    """The label's own value may be 0 or "0": `class-name` tells it."""
    name = metadata.get("class-name")
    if not isinstance(name, str):
        return Answer(None, reason="the answer's metadata has no class-name")
    return Answer(name, _confidence(metadata.get("confidence")), method)


def _several_labels(value: Any, metadata: Fields, task: LabelingTask, workers: int, method: Any) -> Answer:
    """Value and maps hold every label that anybody chose: those more likely right than not are the answer."""
    if value == []:
        return Answer(None, reason=NO_LABEL)
    classes, confidences = metadata.get("class-map"), metadata.get("confidence-map")
    if not isinstance(classes, dict) or not isinstance(confidences, dict):
        return Answer(None, reason="the answer's metadata has no class-map and confidence-map")
    found = {str(name): _confidence(confidences.get(number)) or 0.0 for number, name in classes.items()}
    chosen = chosen_labels(found, 1 if method == "human" and workers == 1 else 2)
    if not chosen:
        return Answer(None, reason=NO_LABEL)
    labels = tuple(sorted(chosen, key=[*task.labels, *found].index))
    return Answer(labels[0] if len(labels) == 1 else None, min(found[label] for label in labels), method, labels=labels)


def _boxes(value: Any, metadata: Fields, _task: LabelingTask, _workers: int, method: Any) -> Answer:
    try:
        drawn = read_boxes(value, metadata)
    except (KeyError, TypeError, AttributeError, ValidationError) as error:
        reason = f"{error} is missing" if isinstance(error, KeyError) else " ".join(str(error).split())
        return Answer(None, reason=f"the answer cannot be read as boxes: {reason}")
    return Answer(**{**drawn, "confidence": _confidence(drawn["confidence"])}, method=method)


_FORMATS: dict[str, Callable[[Any, Fields, LabelingTask, int, Any], Answer]] = {
    "groundtruth/image-classification": _one_label,
    "groundtruth/text-classification": _one_label,
    "groundtruth/image-classification-multilabel": _several_labels,
    "groundtruth/object-detection": _boxes,
}
"""By the `type` of the metadata."""


def _confidence(value: Any) -> float | None:
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not 0 <= value <= 1:
        return None
    return float(value)
