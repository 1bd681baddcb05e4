"""Augmented manifests, as Ground Truth's jobs write them: boxes, one class, or several.

Formats: https://docs.aws.amazon.com/sagemaker/latest/dg/sms-data-output.html
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

from pydantic import ValidationError

from domain.errors import InvalidInput
from domain.jsonlines import dump_lines, load_lines
from domain.labels.addresses import below, common_folder
from domain.labels.box_manifest import TYPE as BOXES
from domain.labels.box_manifest import box_metadata, box_value, read_boxes
from domain.labels.consolidation import chosen_labels
from domain.labels.formats.model import Format, LabelFiles, LabelSet, Size, boxed_rows, labeled_rows, once, tags_of
from domain.labels.rows import LABELED, UNLABELED, LabelRow

ATTRIBUTE = "label"
_KINDS = ("image", "text")
ONE_CLASS = tuple(f"groundtruth/{kind}-classification" for kind in _KINDS)
SEVERAL = tuple(f"{one}-multilabel" for one in ONE_CLASS)
Fields = Mapping[str, Any]


def is_augmented_manifest(text: str) -> bool:
    """Whether the first line is one of a manifest, not of `labels.jsonl`."""
    return '"source-ref"' in text.lstrip().split("\n", 1)[0]


def read(files: LabelFiles, prefix: str | None = None) -> LabelSet:
    """The name of an object is what follows `prefix` in its `source-ref`; without one, what follows the folder that all
    have in common. An image without a box gets the class "no object"; one whose boxes are of several classes has all.
    """
    lines = list(load_lines(files.text, files.name))
    for number, line in enumerate(lines, start=1):
        if not isinstance(line.get("source-ref"), str):
            raise InvalidInput(f"{files.name}, row {number}: `source-ref`, the object's address, is missing")
    folder = prefix if prefix is not None else common_folder([line["source-ref"] for line in lines])
    rows = [
        (f"{files.name}, row {number}", _placed(line, folder, f"{files.name}, row {number}"))
        for number, line in enumerate(lines, start=1)
    ]
    sizes = {row.source: size for (_, row), line in zip(rows, lines, strict=True) if (size := _size(line)) is not None}
    return LabelSet(once(rows), sizes)


def _placed(line: Fields, folder: str, where: str) -> LabelRow:
    try:
        return _row(line, folder)
    except (InvalidInput, ValidationError, KeyError, TypeError, AttributeError) as error:
        reason = f"{error} is missing" if isinstance(error, KeyError) else " ".join(str(error).split())
        raise InvalidInput(f"{where}: no line of Ground Truth's that can be read: {reason}") from error


def _row(line: Fields, folder: str) -> LabelRow:
    source = line["source-ref"]
    attribute, metadata = _attribute(line)
    name = below(source, folder)
    if "failure-reason" in metadata:
        return LabelRow(source=name, source_ref=source, status=UNLABELED, reason=str(metadata["failure-reason"]))
    told = _told(line[attribute], metadata)
    if not told["labels"]:
        return LabelRow(source=name, source_ref=source, status=UNLABELED, reason="no label was chosen")
    method: Literal["human", "machine"] = "human" if metadata.get("human-annotated") == "yes" else "machine"
    return LabelRow(source=name, source_ref=source, status=LABELED, method=method, **told)


def _attribute(line: Fields) -> tuple[str, Fields]:
    """The label attribute and its metadata; boxes before classes."""
    found = {
        str(value.get("type")): (key[: -len("-metadata")], value)
        for key, value in line.items()
        if key.endswith("-metadata") and isinstance(value, dict)
    }
    for kind in (BOXES, *SEVERAL, *ONE_CLASS):
        if kind in found:
            return found[kind]
    raise InvalidInput(f"no label attribute has metadata of the type {', '.join((BOXES, *SEVERAL, *ONE_CLASS))}")


def _told(value: Any, metadata: Fields) -> dict[str, Any]:
    if metadata["type"] == BOXES:
        return read_boxes(value, metadata)
    if metadata["type"] in ONE_CLASS:
        name = metadata["class-name"]
        return {"label": name, "labels": (name,), "confidence": metadata.get("confidence")}
    return _several(value, metadata)


def _several(value: Any, metadata: Fields) -> dict[str, Any]:
    """Value and maps hold every label that anybody chose: those more likely right than not are the answer. Where all
    have the confidence 0, a single worker was asked, and is believed."""
    classes = {str(number): name for number, name in metadata["class-map"].items()} if value else {}
    confidences = {classes[str(number)]: metadata["confidence-map"].get(str(number), 0) for number in value}
    labels = tuple(sorted(chosen_labels(confidences, 2 if any(confidences.values()) else 1)))
    return {
        "label": labels[0] if len(labels) == 1 else None,
        "labels": labels,
        "confidence": min((confidences[label] for label in labels), default=None),
    }


def _size(line: Fields) -> Size | None:
    for value in line.values():
        if isinstance(value, dict) and isinstance(value.get("image_size"), list):
            for size in value["image_size"]:
                width, height = (size.get("width"), size.get("height")) if isinstance(size, dict) else (None, None)
                if isinstance(width, int) and isinstance(height, int) and min(width, height) > 0:
                    return Size(width, height)
    return None


def write(labels: LabelSet) -> dict[str, str]:
    """Boxes where there are any, else classes. An object without a label has its reason as `failure-reason`.

    A `source-ref` is what the labels have, or a name: SageMaker itself reads addresses in S3.
    """
    index = labels.index()
    boxed_rows(LabelSet([row for row in labels.rows if row.boxes is not None]))
    labeled_rows(LabelSet([row for row in labels.rows if row.status == LABELED]))
    return {"": dump_lines(_line(row, labels, index) for row in labels.rows)}


def _line(row: LabelRow, labels: LabelSet, index: Mapping[str, int]) -> dict[str, Any]:
    metadata: dict[str, Any] = {
        "job-name": "kempelen/labels",
        "human-annotated": "no" if row.method == "machine" else "yes",
    }
    value: Any = None
    if row.status != LABELED:
        metadata |= {"failure-reason": row.reason, "type": BOXES}
    elif row.boxes is not None:
        width, height = labels.size(row.source)
        drawn: Any = {**row.model_dump(include={"boxes", "confidence"}), "width": width, "height": height}
        value = box_value(drawn, index)
        metadata |= box_metadata(drawn, index)
    elif row.label is not None:
        value = index[row.label]
        metadata |= {"class-name": row.label, "confidence": row.confidence or 0, "type": ONE_CLASS[0]}
    else:
        value = [index[name] for name in tags_of(row)]
        metadata |= {
            "class-map": {str(index[name]): name for name in row.labels},
            "confidence-map": {str(index[name]): row.confidence or 0 for name in row.labels},
            "type": SEVERAL[0],
        }
    told = {} if row.status != LABELED else {ATTRIBUTE: value}
    return {"source-ref": row.source_ref, **told, f"{ATTRIBUTE}-metadata": metadata}


FORMAT = Format(read, write)
