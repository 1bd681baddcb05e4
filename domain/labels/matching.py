"""Which boxes of all workers are the same thing, and how well one worker's boxes are another's."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

from domain.labels.overlap import SAME, Box, Drawn, middle, overlap

_ROUNDING = 1e-9
_Place = tuple[int, int]  # the numbers of a worker and of her box


def things(drawn: Sequence[Sequence[Drawn]]) -> list[dict[int, Drawn]]:
    """Each thing as the boxes of it by worker, one box a worker; the same in whichever order the workers come.

    Boxes of one label are joined from the largest overlap down, as long as it is `SAME` and no worker would have two
    boxes of one thing.
    """
    thing = {(worker, number): {worker: box} for worker, boxes in enumerate(drawn) for number, box in enumerate(boxes)}
    for one, other in _pairs(drawn):
        into, joined = thing[one], thing[other]
        if into is not joined and into.keys().isdisjoint(joined):
            into.update(joined)
            for place, group in thing.items():
                if group is joined:
                    thing[place] = into
    return list({id(group): group for group in thing.values()}.values())


def standing(found: Sequence[Mapping[int, Drawn]], weights: Sequence[float]) -> tuple[list[tuple[Box, float]], float]:
    """The things that workers with more than half of the weight have a box of: the median of each edge, and the share
    of the weight. Beside them how sure the least sure decision is, for a thing or against it; 1 where there is none.

    `found` are those of `things`, `weights` those of the workers, each of whom has looked at the image.
    """
    total, sure = sum(weights), 1.0
    boxes: list[tuple[Box, float]] = []
    for thing in found:
        share = sum(weights[worker] for worker in sorted(thing)) / total
        sure = min(sure, max(share, 1 - share))
        if share > 0.5 + _ROUNDING:
            boxes.append((middle(list(thing.values())), min(share, 1.0)))
    return sorted(boxes), min(sure, 1.0)


def common(one: Sequence[Drawn], other: Sequence[Drawn]) -> int:
    """Of how many things both have a box."""
    return sum(len(thing) == 2 for thing in things([one, other]))


def _pairs(drawn: Sequence[Sequence[Drawn]]) -> list[tuple[_Place, _Place]]:
    """Boxes of two workers that can be one thing, the largest overlap first; of the same ones the leftmost."""
    found = []
    for (place, box), (other, next_box) in _near(drawn):
        if (shared := overlap(box, next_box)) >= SAME:
            found.append(((-shared, sorted((_edges(box), _edges(next_box)))), place, other))
    found.sort(key=lambda one: one[0])
    return [(place, other) for _, place, other in found]


def _near(drawn: Sequence[Sequence[Drawn]]) -> Iterator[tuple[tuple[_Place, Drawn], tuple[_Place, Drawn]]]:
    """Pairs of one label that have a column of pixels in common: a sweep from left to right."""
    by_label = defaultdict[str, list[tuple[_Place, Drawn]]](list)
    for worker, boxes in enumerate(drawn):
        for number, box in enumerate(boxes):
            by_label[box.label].append(((worker, number), box))
    for boxes_of_label in by_label.values():
        boxes_of_label.sort(key=lambda one: (_edges(one[1]), one[0]))
        for at, (place, box) in enumerate(boxes_of_label):
            for other, next_box in boxes_of_label[at + 1 :]:
                if next_box.left >= box.left + box.width:
                    break
                if other[0] != place[0]:
                    yield (place, box), (other, next_box)


def _edges(box: Drawn) -> tuple[float, float, float, float]:
    return box.left, box.top, box.width, box.height
