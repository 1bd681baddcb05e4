"""Bounding boxes in Ground Truth's output format, read and written.

The format: docs.aws.amazon.com/sagemaker/latest/dg/sms-data-output.html, "Bounding box job output".
"""

from __future__ import annotations

import posixpath
from collections.abc import Mapping, Sequence
from typing import Any, Literal

from pydantic import ValidationError

from domain.errors import InvalidInput
from domain.jsonlines import load_lines
from domain.labels.boxes import BoxLabel
from domain.labels.rows import LABELED, UNLABELED, LabelRow
from domain.rows import ManifestRow

TYPE = "groundtruth/object-detection"
NO_OBJECT = "no object"


def is_box_manifest(text: str) -> bool:
    """Whether the first line is one of a manifest, not of `labels.jsonl`."""
    return '"source-ref"' in text.lstrip().split("\n", 1)[0]


def read_box_manifest(text: str, name: str = "output.manifest", prefix: str | None = None) -> list[LabelRow]:
    """The label rows of a bounding-box job's output manifest.

    The name of an object is what follows `prefix` in its `source-ref`; without one, what follows the folder that all
    have in common. An image without a box gets the class "no object"; one whose boxes are of several classes has all.

    Raises:
        InvalidInput: a line is no bounding-box line, or lies outside of the prefix; the message gives file and line.
    """
    lines = list(load_lines(text, name))
    for number, line in enumerate(lines, start=1):
        if not isinstance(line.get("source-ref"), str):
            raise InvalidInput(f"{name}, row {number}: `source-ref`, the image's address, is missing")
    folder = prefix if prefix is not None else _common_folder([line["source-ref"] for line in lines])
    rows: list[LabelRow] = []
    seen: set[str] = set()
    for number, line in enumerate(lines, start=1):
        try:
            row = _label_row(line, folder)
        except (InvalidInput, ValidationError, KeyError, TypeError, AttributeError) as error:
            reason = f"{error} is missing" if isinstance(error, KeyError) else " ".join(str(error).split())
            raise InvalidInput(f"{name}, row {number}: no bounding-box line of Ground Truth: {reason}") from error
        if row.source in seen:
            raise InvalidInput(f"{name}, row {number}: object {row.source!r} comes a second time")
        seen.add(row.source)
        rows.append(row)
    return rows


def _common_folder(addresses: Sequence[str]) -> str:
    folders = [posixpath.dirname(address).replace("://", "/", 1) for address in addresses]
    try:
        return posixpath.commonpath(folders) if folders else ""
    except ValueError:  # some begin with "/" and others do not
        return ""


def _label_row(line: Mapping[str, Any], folder: str) -> LabelRow:
    source = line["source-ref"]
    attribute, metadata = _attribute(line)
    name = _below(source, folder)
    if "failure-reason" in metadata:
        return LabelRow(source=name, source_ref=source, status=UNLABELED, reason=str(metadata["failure-reason"]))
    method: Literal["human", "machine"] = "human" if metadata.get("human-annotated") == "yes" else "machine"
    drawn = read_boxes(line[attribute], metadata)
    return LabelRow(source=name, source_ref=source, status=LABELED, method=method, **drawn)


def read_boxes(value: Mapping[str, Any], metadata: Mapping[str, Any]) -> dict[str, Any]:
    """`label`, `labels`, `boxes` and `confidence`, that of the least sure box, of a bounding-box label.

    Raises:
        KeyError, TypeError, AttributeError, ValidationError: it is none.
    """
    classes = metadata["class-map"]
    boxes = tuple(
        BoxLabel(
            label=classes[str(box["class_id"])],
            **{side: box[side] for side in ("left", "top", "width", "height")},
        )
        for box in value["annotations"]
    )
    labels = tuple(sorted({box.label for box in boxes})) or (NO_OBJECT,)
    confidences = [found["confidence"] for found in metadata.get("objects", ()) if "confidence" in found]
    return {
        "label": labels[0] if len(labels) == 1 else None,
        "labels": labels,
        "boxes": boxes,
        "confidence": min(confidences, default=None),
    }


def _attribute(line: Mapping[str, Any]) -> tuple[str, Mapping[str, Any]]:
    """The label attribute and its metadata."""
    for key, value in line.items():
        if key.endswith("-metadata") and isinstance(value, dict) and value.get("type") == TYPE:
            return key[: -len("-metadata")], value
    raise InvalidInput(f"no label attribute has metadata of the type {TYPE}")


def _below(source: str, folder: str) -> str:
    """What follows the folder in the address, with or without the scheme."""
    for base in (folder.rstrip("/"), folder.replace("/", "://", 1).rstrip("/")):
        if base and source.startswith(f"{base}/"):
            return source[len(base) + 1 :]
    if not folder:
        return source
    raise InvalidInput(f"{source} does not lie below {folder}")


def box_value(row: ManifestRow, index: Mapping[str, int]) -> dict[str, Any]:
    """The label attribute's value for an output of the manifest that has boxes."""
    return {
        "image_size": [{"width": row["width"], "height": row["height"], "depth": 3}],
        "annotations": [
            {"class_id": index[box["label"]], **{side: box[side] for side in ("left", "top", "width", "height")}}
            for box in row["boxes"]
        ],
    }


def box_metadata(row: ManifestRow, index: Mapping[str, int]) -> dict[str, Any]:
    """What the metadata says of the boxes; the confidence is that of the source's label."""
    confidence = row.get("confidence") or 0
    return {
        "objects": [{"confidence": confidence} for _ in row["boxes"]],
        "class-map": {str(index[name]): name for name in sorted({box["label"] for box in row["boxes"]})},
        "type": TYPE,
    }
