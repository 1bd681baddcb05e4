"""Which boxes of different workers are the same thing."""

from __future__ import annotations

from collections.abc import Sequence
from statistics import median

from domain.labels.boxes import BoxLabel

SAME = 0.5
"""Intersection over union from which two boxes are one thing: PASCAL VOC's, doi.org/10.1007/s11263-009-0275-4, 4.2."""


def overlap(one: BoxLabel, other: BoxLabel) -> float:
    """Intersection over union, 0 to 1."""
    width = min(one.left + one.width, other.left + other.width) - max(one.left, other.left)
    height = min(one.top + one.height, other.top + other.height) - max(one.top, other.top)
    common = max(0.0, width) * max(0.0, height)
    together = one.width * one.height + other.width * other.height - common
    return common / together if together > 0 else 0.0


def agreed(drawn: Sequence[Sequence[BoxLabel]]) -> tuple[list[BoxLabel], list[float]]:
    """The boxes that more than half of the workers drew, and the share of workers that drew each.

    Pairs are matched from the largest overlap down, a worker's box to one thing only.
    """
    groups: list[dict[int, BoxLabel]] = []
    for worker, boxes in enumerate(drawn):
        _match(groups, worker, boxes)
    found = [group for group in groups if 2 * len(group) > len(drawn)]
    return [_middle(list(group.values())) for group in found], [len(group) / len(drawn) for group in found]


def _match(groups: list[dict[int, BoxLabel]], worker: int, boxes: Sequence[BoxLabel]) -> None:
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
    for share, number, place in pairs:
        if share >= SAME and number not in placed and worker not in groups[place]:
            groups[place][worker] = boxes[number]
            placed.add(number)
    groups.extend({worker: box} for number, box in enumerate(boxes) if number not in placed)


def _middle(boxes: Sequence[BoxLabel]) -> BoxLabel:
    """The median of each edge, so that one careless side moves nothing."""
    left, top = median(box.left for box in boxes), median(box.top for box in boxes)
    right = median(box.left + box.width for box in boxes)
    bottom = median(box.top + box.height for box in boxes)
    return BoxLabel(label=boxes[0].label, left=left, top=top, width=right - left, height=bottom - top)
