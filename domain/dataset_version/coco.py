"""COCO's detection format (cocodataset.org/#format-data): one JSON document a split."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from domain.rows import ManifestRow


def box_classes(rows: Iterable[ManifestRow]) -> dict[str, int]:
    """The number of each box class, by name, from 0; empty when no row has boxes."""
    names = sorted({box["label"] for row in rows for box in row.get("boxes") or ()})
    return {name: number for number, name in enumerate(names)}


def coco_document(rows: Callable[[], Iterable[ManifestRow]], classes: Mapping[str, int]) -> Iterator[str]:
    """The document of rows with boxes, in pieces; `rows` is asked twice. File names are relative to the version."""
    yield '{"images": ['
    for number, row in enumerate(rows(), start=1):
        image = {"id": number, "file_name": row["path"], "width": row["width"], "height": row["height"]}
        yield f"{', ' if number > 1 else ''}{json.dumps(image)}"
    yield '], "annotations": ['
    for number, annotation in enumerate(_annotations(rows(), classes), start=1):
        yield f"{', ' if number > 1 else ''}{json.dumps({'id': number, **annotation})}"
    categories = [{"id": number + 1, "name": name} for name, number in classes.items()]
    yield f'], "categories": {json.dumps(categories)}}}\n'


def _annotations(rows: Iterable[ManifestRow], classes: Mapping[str, int]) -> Iterator[dict[str, Any]]:
    for number, row in enumerate(rows, start=1):
        for box in row["boxes"]:
            yield {
                "image_id": number,
                "category_id": classes[box["label"]] + 1,  # COCO counts categories from 1; 0 is the background
                "bbox": [box["left"], box["top"], box["width"], box["height"]],
                "area": box["width"] * box["height"],
                "iscrowd": 0,
            }
