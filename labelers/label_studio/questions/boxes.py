"""A box around each thing in an image. Label Studio counts in percent of the image, we in its pixels.

https://labelstud.io/guide/task_format#Units-of-image-annotations
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any
from xml.sax.saxutils import quoteattr

from domain.workflow.inputs import LabelingTask
from labelers.label_studio.questions.model import ANSWER, Part, Question

_KIND = "rectanglelabels"


def _ask(task: LabelingTask) -> str:
    labels = "".join(f"    <Label value={quoteattr(label)}/>\n" for label in task.labels)
    return (
        f'  <RectangleLabels name="{ANSWER}" toName="image" canRotate="false">\n{labels}  </RectangleLabels>\n'
        '  <Image name="image" value="$image" zoom="true"/>\n'
    )


def _data(address: str, _given: Mapping[str, Any]) -> dict[str, Any]:
    return {"image": address}


def _value(parts: Sequence[Part], _given: Mapping[str, Any]) -> Any:
    """None if anything is there that is no box with one label."""
    drawn = [part for part in parts if part.get("from_name") == ANSWER]
    try:
        return {"boundingBoxes": [_box(part) for part in drawn]}
    except (KeyError, TypeError, ValueError):
        return None


def _box(part: Part) -> dict[str, Any]:
    """In pixels, within the image. A turned box gives the upright one around it: it turns about its first corner."""
    value, across, down = part["value"], float(part["original_width"]), float(part["original_height"])
    (label,) = value[_KIND]
    x, y, width, height = (
        float(value[side]) * whole / 100
        for side, whole in (("x", across), ("y", down), ("width", across), ("height", down))
    )
    angle = math.radians(float(value.get("rotation") or 0))
    cosine, sine = math.cos(angle), math.sin(angle)
    sides = (0.0, 0.0), (width * cosine, width * sine), (-height * sine, height * cosine)
    corners = [*sides, (sides[1][0] + sides[2][0], sides[1][1] + sides[2][1])]
    left, right = (min(max(x + end(dx for dx, _ in corners), 0.0), across) for end in (min, max))
    top, bottom = (min(max(y + end(dy for _, dy in corners), 0.0), down) for end in (min, max))
    sizes = {"left": left, "top": top, "width": right - left, "height": bottom - top}
    return {"label": label, **{name: round(size, 2) for name, size in sizes.items()}}


def _suggest(task: LabelingTask, given: Mapping[str, Any]) -> list[Part]:
    """Of boxes as our own page's element gives them: `boundingBoxes`, with the image's size."""
    try:
        size, boxes = given["suggestion"]["inputImageProperties"], given["suggestion"]["boundingBoxes"]
        found = [_part(box, size["width"], size["height"]) for box in boxes]
    except (KeyError, TypeError, ZeroDivisionError):
        return []
    return found if {part["value"][_KIND][0] for part in found} <= set(task.labels) else []


def _part(box: Mapping[str, Any], across: float, down: float) -> Part:
    sides = {
        "x": 100 * box["left"] / across,
        "y": 100 * box["top"] / down,
        "width": 100 * box["width"] / across,
        "height": 100 * box["height"] / down,
    }
    return {
        "from_name": ANSWER,
        "to_name": "image",
        "type": _KIND,
        "original_width": across,
        "original_height": down,
        "image_rotation": 0,
        "value": {**sides, "rotation": 0, _KIND: [box["label"]]},
    }


BOXES = Question(_ask, _data, _value, _suggest, empty=True)
