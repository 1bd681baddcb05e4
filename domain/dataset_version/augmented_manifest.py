"""SageMaker's augmented manifest: JSON Lines with `source-ref`, the label attribute and Ground Truth's metadata."""

from __future__ import annotations

import posixpath
from collections.abc import Iterable, Iterator
from typing import Any

from domain.jsonlines import dump_line
from domain.labels.box_manifest import box_metadata, box_value
from domain.rows import DatasetFacts, ManifestRow

SINGLE = {"text": "groundtruth/text-classification", "image": "groundtruth/image-classification"}
MULTIPLE = {medium: f"{single}-multilabel" for medium, single in SINGLE.items()}
WRITTEN = ("text", "record")


def augmented_lines(rows: Iterable[ManifestRow], uri: str, attribute: str, dataset: DatasetFacts) -> Iterator[str]:
    """The manifest of the outputs in `rows`, whose paths are relative to `uri`."""
    return (f"{dump_line(_line(row, uri, attribute, dataset))}\n" for row in rows)


def mixed_lines(rows: Iterable[ManifestRow], uri: str, attribute: str, dataset: DatasetFacts) -> Iterator[str]:
    """The manifest of mixed images: the numbers of both classes, and their shares as `confidence-map`, which is where
    Ground Truth has a number for each class."""
    return (f"{dump_line(_mixed(row, uri, attribute, dataset))}\n" for row in rows)


def _mixed(row: ManifestRow, uri: str, attribute: str, dataset: DatasetFacts) -> dict[str, Any]:
    numbers = [dataset["class_index"][soft["label"]] for soft in row["soft_labels"]]
    weights = [soft["weight"] for soft in row["soft_labels"]]
    metadata = {
        **_usual_metadata(row, dataset),
        "class-map": {str(number): soft["label"] for number, soft in zip(numbers, row["soft_labels"], strict=True)},
        "confidence-map": {str(number): weight for number, weight in zip(numbers, weights, strict=True)},
        "type": MULTIPLE["image"],
    }
    return {
        "source-ref": resolve(uri, row["path"]),
        attribute: numbers,
        f"{attribute}-weights": weights,
        f"{attribute}-metadata": metadata,
        "split": row["split"],
    }


def _usual_metadata(row: ManifestRow, dataset: DatasetFacts) -> dict[str, Any]:
    return {
        "job-name": f"kempelen/{dataset['run_id']}",
        "human-annotated": "no" if row.get("method") == "machine" else "yes",
        "creation-date": dataset["created"],
    }


def resolve(uri: str, path: str) -> str:
    """`path`, which may begin with "../<version>/", as seen from the folder `uri`; S3 itself knows no ".."."""
    scheme, mark, rest = uri.partition("://")
    if not mark:
        return posixpath.normpath(posixpath.join(uri, path))
    return f"{scheme}://{posixpath.normpath(posixpath.join(rest, path))}"


def _line(row: ManifestRow, uri: str, attribute: str, dataset: DatasetFacts) -> dict[str, Any]:
    index = dataset["class_index"]
    metadata = _usual_metadata(row, dataset)
    names, kind = row.get("labels"), "text" if dataset.get("medium") in WRITTEN else "image"
    value: Any
    if "boxes" in row:
        value = box_value(row, dataset["box_class_index"])
        metadata |= box_metadata(row, dataset["box_class_index"])
    elif names:
        value = [index[name] for name in names]
        metadata["class-map"] = {str(index[name]): name for name in names}
        metadata["confidence-map"] = {str(index[name]): row.get("confidence") or 0 for name in names}
        metadata["type"] = MULTIPLE[kind]
    else:
        value = index[row["label"]]
        metadata["class-name"] = row["label"]
        metadata["confidence"] = row.get("confidence") or 0
        metadata["type"] = SINGLE[kind]
    return {
        "source-ref": resolve(uri, row["path"]),
        attribute: value,
        f"{attribute}-metadata": metadata,
        "split": row["split"],
        **({"transcript": row["transcript"]} if "transcript" in row else {}),
        **({"record": row["record"]} if "record" in row else {}),
    }
