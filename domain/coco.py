"""COCO's detection format (cocodataset.org/#format-data): one JSON document a split."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

from domain.splits import SPLITS

Row = Mapping[str, Any]


def box_classes(rows: Iterable[Row]) -> dict[str, int]:
    """The number of each box class, by name, from 0; empty when no row has boxes."""
    names = sorted({box["label"] for row in rows for box in row.get("boxes") or ()})
    return {name: number for number, name in enumerate(names)}


def coco_files(rows: Iterable[Row], classes: Mapping[str, int]) -> dict[str, str]:
    """`coco-<split>.json` of each split with outputs that have boxes; file names are relative to the version."""
    boxed = [row for row in rows if "boxes" in row]
    found = {split: [row for row in boxed if row["split"] == split] for split in SPLITS}
    return {f"coco-{split}.json": _document(some, classes) for split, some in found.items() if some}


def _document(rows: Iterable[Row], classes: Mapping[str, int]) -> str:
    images: list[dict[str, Any]] = []
    annotations: list[dict[str, Any]] = []
    for number, row in enumerate(rows, start=1):
        images.append({"id": number, "file_name": row["path"], "width": row["width"], "height": row["height"]})
        for box in row["boxes"]:
            annotations.append(
                {
                    "id": len(annotations) + 1,
                    "image_id": number,
                    "category_id": classes[box["label"]] + 1,  # COCO counts categories from 1; 0 is the background
                    "bbox": [box["left"], box["top"], box["width"], box["height"]],
                    "area": box["width"] * box["height"],
                    "iscrowd": 0,
                }
            )
    categories = [{"id": number + 1, "name": name} for name, number in classes.items()]
    return json.dumps({"images": images, "annotations": annotations, "categories": categories}) + "\n"
