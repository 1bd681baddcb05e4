"""A box around each thing in an image. Ground Truth's BoundingBox."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from domain.labels.box_manifest import NO_OBJECT
from domain.labels.boxes import BoxLabel
from domain.labels.overlap import agreed, share
from domain.task_types.image_bounding_box.weighed import WEIGHED
from domain.task_types.model import IMAGES, Choice, Outcome, TaskType
from domain.text import counted

_SIDES = ("left", "top", "width", "height")
_FAR = 1e6  # pixels; no image is so large, and neither infinity nor what is no number lies below
_WANTED = '{{"boundingBoxes": [{{"label": <one of {labels}>, "left", "top", "width", "height": pixels}}]}}'


def read(value: Any, labels: Sequence[str], _given: Mapping[str, Any]) -> Choice:
    """An empty list is an answer: there is nothing of the kind."""
    given = value.get("boundingBoxes") if isinstance(value, Mapping) else None
    if not isinstance(given, list) or not all(_is_box(box, labels) for box in given):
        raise ValueError(_WANTED.format(labels=list(labels)))
    return choice_of(BoxLabel(**{name: box[name] for name in ("label", *_SIDES)}) for box in given)


def choice_of(boxes: Any) -> Choice:
    """With the classes of the boxes as labels, and a class of its own where there is none."""
    found = tuple(boxes)
    return Choice(tuple(sorted({box.label for box in found})) or (NO_OBJECT,), found)


def consolidate(choices: Sequence[Choice], _labels: Sequence[str]) -> Outcome:
    """A box that more than half of the workers drew, each edge the median of theirs. The least sure box says how sure
    the whole is; where there is none, the share of workers that found nothing."""
    boxes, confidences = agreed([choice.boxes or () for choice in choices])
    nothing = share(sum(not choice.boxes for choice in choices), len(choices))
    return Outcome(choice_of(BoxLabel(**box._asdict()) for box in boxes), min(confidences, default=nothing))


def _is_box(box: Any, labels: Sequence[str]) -> bool:
    if not isinstance(box, Mapping) or box.get("label") not in labels:
        return False
    sides = [box.get(side) for side in _SIDES]
    if any(isinstance(side, bool) or not isinstance(side, (int, float)) or not 0 <= side < _FAR for side in sides):
        return False
    return bool(box["width"] > 0 and box["height"] > 0)


TYPE = TaskType(
    "image-bounding-box",
    Path(__file__).parent,
    min_labels=1,
    max_labels=50,
    endings=IMAGES,
    element="crowd-bounding-box",
    read=read,
    consolidate=consolidate,
    medium="image",
    own_labels=(NO_OBJECT,),
    usual="Draw a box around each thing that is asked for, as close as you can, then submit.",
    said=lambda choice: f"{choice}, {counted(len(choice.boxes), 'place')}" if choice.boxes else str(choice),
    weighed=WEIGHED,
)
