"""Which boxes of different workers are the same thing. Plain Python: the local cloud has no pydantic."""

from __future__ import annotations

from collections.abc import Sequence
from statistics import median
from typing import NamedTuple, Protocol

SAME = 0.5
"""Intersection over union from which two boxes are one thing: PASCAL VOC's, doi.org/10.1007/s11263-009-0275-4, 4.2."""


class Drawn(Protocol):
    """A box as a worker drew it: pixels from the top left of the image."""

    @property
    def label(self) -> str: ...
    @property
    def left(self) -> float: ...
    @property
    def top(self) -> float: ...
    @property
    def width(self) -> float: ...
    @property
    def height(self) -> float: ...


class Box(NamedTuple):
    """A box on which workers agree; pixels from the top left."""

    label: str
    left: float
    top: float
    width: float
    height: float


def overlap(one: Drawn, other: Drawn) -> float:
    """Intersection over union, 0 to 1."""
    width = min(one.left + one.width, other.left + other.width) - max(one.left, other.left)
    height = min(one.top + one.height, other.top + other.height) - max(one.top, other.top)
    common = max(0.0, width) * max(0.0, height)
    together = one.width * one.height + other.width * other.height - common
    return common / together if together > 0 else 0.0


def agreed(drawn: Sequence[Sequence[Drawn]]) -> tuple[list[Box], list[float]]:
    """The boxes that more than half of the workers drew, by label and place, and the confidence in each.

    Pairs are matched from the largest overlap down, a worker's box to one thing only. A box's confidence is the share
    of workers that drew it, two decimals; of a single worker it is 0, as Ground Truth documents.
    """
    groups: list[dict[int, Drawn]] = []
    for worker, boxes in enumerate(drawn):
        _match(groups, worker, boxes)
    found = sorted(
        (middle(list(group.values())), share(len(group), len(drawn))) for group in groups if 2 * len(group) > len(drawn)
    )
    return [box for box, _ in found], [confidence for _, confidence in found]


def share(workers: int, of: int) -> float:
    """A share of workers as a confidence."""
    return 0.0 if of == 1 else round(workers / of, 2)


def _match(groups: list[dict[int, Drawn]], worker: int, boxes: Sequence[Drawn]) -> None:
    pairs = sorted(
        (
            (max(overlap(box, other) for other in group.values()), number, place)
            for number, box in enumerate(boxes)
            for place, group in enumerate(groups)
            if next(iter(group.values())).label == box.label
        ),
        reverse=True,
    )
    placed: set[int] = set()
    for common, number, place in pairs:
        if common >= SAME and number not in placed and worker not in groups[place]:
            groups[place][worker] = boxes[number]
            placed.add(number)
    groups.extend({worker: box} for number, box in enumerate(boxes) if number not in placed)


def middle(boxes: Sequence[Drawn]) -> Box:
    """The median of each edge, so that one careless side moves nothing."""
    left, top = median(box.left for box in boxes), median(box.top for box in boxes)
    right = median(box.left + box.width for box in boxes)
    bottom = median(box.top + box.height for box in boxes)
    return Box(boxes[0].label, left, top, right - left, bottom - top)
