"""Whether the label that an image has is right."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from domain.labels.consolidation import image_multi_class
from domain.task_types import image_single_label as single_label
from domain.task_types.closed import WHETHER
from domain.task_types.model import IMAGES, Choice, Outcome, TaskType
from domain.task_types.suggested import one_label

_VERDICTS = ("right", "wrong")


def read(value: Any, _labels: Sequence[str], given: Mapping[str, Any]) -> Choice:
    """The label of the object itself, or none; it is never taken from the form."""
    (verdict,) = single_label.read(value, _VERDICTS, given).labels
    label = str(given["label"])
    return Choice((label,)) if verdict == "right" else Choice((), wrong=label)


def consolidate(choices: Sequence[Choice], _labels: Sequence[str]) -> Outcome:
    """Most votes win. On a tie the label is wrong: nobody's majority vouches for it."""
    wrong = [choice for choice in choices if not choice.labels]
    if 2 * len(wrong) >= len(choices):
        found = f"{len(wrong)} of {len(choices)} workers found the label {wrong[0].wrong!r} wrong"
        return Outcome(None, reason=found)
    found_right = image_multi_class([int(not choice.labels) for choice in choices], classes=len(_VERDICTS))
    return Outcome(next(choice for choice in choices if choice.labels), found_right.confidence)


TYPE = TaskType(
    "image-label-verification",
    Path(__file__).parent,
    min_labels=1,
    max_labels=50,
    endings=IMAGES,
    element="crowd-image-classifier",
    read=read,
    consolidate=consolidate,
    medium="image",
    fields=("label",),
    usual="Say whether the label fits the image, then submit.",
    said=lambda choice: "right" if choice.labels else "wrong",
    closed=WHETHER,
    suggestion=one_label,
)
