"""Boxes of several workers, by the weight of those who drew them."""

from __future__ import annotations

from collections.abc import Sequence

from domain.labels.box_manifest import NO_OBJECT
from domain.labels.boxes import BoxLabel
from domain.labels.matching import common, standing, things
from domain.task_types.model import Choice, Outcome
from domain.task_types.weighed import Agreement, Weighed, Weighing


def matched(choices: Sequence[Choice]) -> Weighing:
    """A thing stands if workers with more than half of the weight have drawn it: all who answered have seen it."""
    found = things([choice.boxes or () for choice in choices])

    def outcome(weights: Sequence[float]) -> Outcome:
        sure, least = standing(found, weights)
        boxes = tuple(BoxLabel(**box._asdict()) for box, _ in sure)
        labels = tuple(sorted({box.label for box in boxes})) or (NO_OBJECT,)
        return Outcome(Choice(labels, boxes), least, box_confidences=tuple(round(share, 4) for _, share in sure))

    return outcome


def agreement(hers: Choice, right: Choice) -> Agreement:
    """F1, 2 TP / (2 TP + FP + FN), is twice the boxes that overlap by half with one label, of the boxes of both: C. J.
    van Rijsbergen, Information Retrieval, 1979, chapter 7. Where both found nothing there is nothing to count."""
    drawn, wanted = hers.boxes or (), right.boxes or ()
    both = common(drawn, wanted)
    return Agreement(both, (len(drawn) + len(wanted)) / 2)


WEIGHED = Weighed(matched, agreement, "boxes")
