"""COCO's detection format: https://cocodataset.org/#format-data. Boxes are left, top, width and height in pixels."""

from __future__ import annotations

import json
import warnings
from collections.abc import Iterator
from typing import Any

from domain.labels.boxes import BoxLabel
from domain.labels.formats.json_value import JsonValue, read_json
from domain.labels.formats.model import (
    Format,
    LabelFiles,
    LabelSet,
    Size,
    box_at,
    box_of,
    boxed_rows,
    labeled,
    once,
    shown,
    unlabeled,
)
from domain.labels.rows import LabelRow
from domain.text import counted

ONLY_CROWDS = "only crowds (`iscrowd`) are marked in it, and no single object"


def read(files: LabelFiles) -> LabelSet:
    """An image without annotations has no object. Crowds are left out: their box is around no single object.

    An annotation without `bbox` gets the box around its polygons; one with a mask alone is refused.
    """
    document = read_json(files.text, files.name)
    images = _by_id(document["images"])
    categories = _by_id(document["categories"])
    classes = {key: category["name"].text() for key, category in categories.items()}
    boxes: dict[str | int, list[BoxLabel]] = {key: [] for key in images}
    crowds: set[str | int] = set()
    left_out = 0
    for annotation in document["annotations"].each():
        key = _known(annotation["image_id"], images, "image")
        label = classes[_known(annotation["category_id"], classes, "category")]
        if (crowd := annotation.get("iscrowd")) is not None and crowd.number() != 0:
            crowds.add(key)
            left_out += 1
        else:
            boxes[key].append(_box(annotation, label))
    if left_out:
        said = f"{files.name}: {counted(left_out, 'crowd')} (`iscrowd`) left out: a box around several is no object's"
        warnings.warn(said, stacklevel=2)
    rows = once((image.where, _row(image, boxes[key], key in crowds)) for key, image in images.items())
    sizes = {image["file_name"].text(): size for image in images.values() if (size := _size(image)) is not None}
    return LabelSet(rows, sizes, tuple(classes.values()))


def _by_id(items: JsonValue) -> dict[str | int, JsonValue]:
    found: dict[str | int, JsonValue] = {}
    for item in items.each():
        key = item["id"].key()
        if found.setdefault(key, item) is not item:
            raise item.fault(f"the id {key!r} is that of {found[key].where} too")
    return found


def _known(value: JsonValue, things: dict[str | int, Any], what: str) -> str | int:
    key = value.key()
    if key not in things:
        raise value.fault(f"there is no {what} with the id {key!r}")
    return key


def _row(image: JsonValue, boxes: list[BoxLabel], crowded: bool) -> LabelRow:
    name = image["file_name"].text()
    return unlabeled(name, ONLY_CROWDS) if crowded and not boxes else labeled(name, boxes)


def _size(image: JsonValue) -> Size | None:
    width, height = image.get("width"), image.get("height")
    return None if width is None or height is None else Size(width.pixels(), height.pixels())


def _box(annotation: JsonValue, label: str) -> BoxLabel:
    sides = annotation.get("bbox")
    if sides is None or sides.value == []:
        return box_at(annotation.where, label, _corners(annotation))
    numbers = [side.number() for side in sides.each()]
    if len(numbers) != 4:
        raise sides.fault(f"left, top, width and height were expected, not {len(numbers)} numbers")
    return box_of(sides.where, label, numbers)


def _corners(annotation: JsonValue) -> list[tuple[float, float]]:
    outline = annotation.get("segmentation")
    if outline is None or not isinstance(outline.value, list) or not outline.value:
        raise annotation.fault("there is no `bbox`, and no polygon to take it of; give each annotation its `bbox`")
    corners: list[tuple[float, float]] = []
    for polygon in outline.each():
        numbers = [number.number() for number in polygon.each()]
        if len(numbers) < 6 or len(numbers) % 2:
            raise polygon.fault(f"x and y of three corners or more were expected, not {len(numbers)} numbers")
        corners += zip(numbers[::2], numbers[1::2], strict=True)
    return corners


def write(labels: LabelSet) -> dict[str, str]:
    """Images and categories count from 1, in the order of the rows and of the classes."""
    rows, index = boxed_rows(labels), labels.index()
    images = [
        {"id": number, "file_name": row.source, **labels.size(row.source)._asdict()}
        for number, row in enumerate(rows, start=1)
    ]
    annotations = [{"id": number, **annotation} for number, annotation in enumerate(_annotations(rows, index), start=1)]
    categories = [{"id": number + 1, "name": name} for name, number in index.items()]
    document = {"images": images, "annotations": annotations, "categories": categories}
    return {"": f"{json.dumps(document, indent=1)}\n"}


def _annotations(rows: list[LabelRow], index: dict[str, int]) -> Iterator[dict[str, Any]]:
    for number, row in enumerate(rows, start=1):
        for box in row.boxes or ():
            yield {
                "image_id": number,
                "category_id": index[box.label] + 1,
                "bbox": [shown(side) for side in (box.left, box.top, box.width, box.height)],
                "area": shown(box.width * box.height),
                "segmentation": [],
                "iscrowd": 0,
            }


FORMAT = Format(read, write)
