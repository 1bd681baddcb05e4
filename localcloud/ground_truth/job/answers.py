"""What workers answer to the built-in task types, and what several answers come to, in Ground Truth's formats.

Formats: https://docs.aws.amazon.com/sagemaker/latest/dg/sms-data-output.html and, for the elements' values,
sms-ui-template-reference.html.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from domain.labels.consolidation import image_multi_class, image_multi_class_multi_label
from domain.labels.overlap import Box, agreed

_SIDES = ("left", "top", "width", "height")


class Label(NamedTuple):
    """The value of the label attribute, and what the metadata says of this kind of label."""

    value: Any
    metadata: dict[str, Any]


class Boxes(NamedTuple):
    """What one worker drew. `size` is width and height of the image in pixels."""

    drawn: tuple[Box, ...]
    size: tuple[int, int]


def one_label(value: Any, labels: Sequence[str]) -> str:
    label = value.get("label") if isinstance(value, Mapping) else None
    if label not in labels:
        raise ValueError(f'{{"label": <one of {list(labels)}>}}')
    return str(label)


def one_of_them(choices: Sequence[str], labels: Sequence[str]) -> Label:
    """ACS-ImageMultiClass, ACS-TextMultiClass."""
    found = image_multi_class([labels.index(label) for label in choices], len(labels))
    return Label(found.index, {"class-name": labels[found.index], "confidence": found.confidence})


def several_labels(value: Any, labels: Sequence[str]) -> tuple[str, ...]:
    """None of them is an answer, where the page offers it."""
    given = value.get("labels") if isinstance(value, Mapping) else None
    if not isinstance(given, list) or any(label not in labels for label in given) or len(set(given)) < len(given):
        raise ValueError(f'{{"labels": [<some of {list(labels)}, each once>]}}')
    return tuple(label for label in labels if label in given)


def all_of_them(choices: Sequence[Sequence[str]], labels: Sequence[str]) -> Label:
    """ACS-ImageMultiClassMultiLabel: every label that any worker chose, with its confidence."""
    found = image_multi_class_multi_label(choices, labels)
    index = {label: labels.index(label) for label in found}
    metadata = {
        "class-map": {str(index[label]): label for label in found},
        "confidence-map": {str(index[label]): confidence for label, confidence in found.items()},
    }
    return Label(list(index.values()), metadata)


def listed(choice: Sequence[str]) -> str:
    return " + ".join(choice) or "none"


def boxes(value: Any, labels: Sequence[str]) -> Boxes:
    """No box is an answer: there is nothing of the kind."""
    given = value.get("boundingBoxes") if isinstance(value, Mapping) else None
    size = _size(value.get("inputImageProperties")) if isinstance(value, Mapping) else None
    if not isinstance(given, list) or not all(_is_box(box, labels) for box in given) or size is None:
        raise ValueError(
            f'{{"boundingBoxes": [{{"label": <one of {list(labels)}>, "left", "top", "width", "height": pixels}}], '
            '"inputImageProperties": {"width", "height": pixels}}'
        )
    return Boxes(tuple(Box(box["label"], *(box[side] for side in _SIDES)) for box in given), size)


def same_boxes(choices: Sequence[Boxes], labels: Sequence[str]) -> Label:
    """ACS-BoundingBox: the boxes that most workers drew, in whole pixels."""
    found, confidences = agreed([choice.drawn for choice in choices])
    width, height = choices[0].size
    value = {
        "image_size": [{"width": width, "height": height, "depth": 3}],
        "annotations": [{"class_id": labels.index(box.label), **_whole(box)} for box in found],
    }
    metadata = {
        "objects": [{"confidence": confidence} for confidence in confidences],
        "class-map": {str(labels.index(box.label)): box.label for box in found},
    }
    return Label(value, metadata)


def counted(choice: Boxes) -> str:
    classes = " + ".join(sorted({box.label for box in choice.drawn}))
    count = len(choice.drawn)
    return f"{classes}, {count} place{'' if count == 1 else 's'}" if count else "no object"


def _is_box(box: Any, labels: Sequence[str]) -> bool:
    if not isinstance(box, Mapping) or box.get("label") not in labels:
        return False
    sides = [box.get(side) for side in _SIDES]
    if not all(_is_number(side) for side in sides):
        return False
    return bool(box["width"] > 0 and box["height"] > 0 and box["left"] >= 0 and box["top"] >= 0)


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool) and math.isfinite(value)


def _size(image: Any) -> tuple[int, int] | None:
    """Width and height; None where they are not told."""
    given = image if isinstance(image, Mapping) else {}
    width, height = given.get("width"), given.get("height")
    if type(width) is not int or type(height) is not int or min(width, height) <= 0:
        return None
    return width, height


def _whole(box: Box) -> dict[str, int]:
    """Edges at half a pixel go up, all alike, so that no box loses its size."""
    left, top = math.floor(box.left + 0.5), math.floor(box.top + 0.5)
    right, bottom = math.floor(box.left + box.width + 0.5), math.floor(box.top + box.height + 0.5)
    return {"left": left, "top": top, "width": right - left, "height": bottom - top}
