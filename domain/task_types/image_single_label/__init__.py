"""One label for an image. Ground Truth's ImageMultiClass."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from domain.labels.consolidation import image_multi_class
from domain.task_types.closed import ONE
from domain.task_types.model import IMAGES, Choice, Outcome, TaskType
from domain.task_types.suggested import one_label


def read(value: Any, labels: Sequence[str], _given: Mapping[str, Any]) -> Choice:
    label = value.get("label") if isinstance(value, Mapping) else None
    if label not in labels:
        raise ValueError(f'{{"label": <one of {list(labels)}>}}')
    return Choice((str(label),))


def consolidate(choices: Sequence[Choice], labels: Sequence[str]) -> Outcome:
    """Most votes win."""
    found = image_multi_class([labels.index(choice.labels[0]) for choice in choices], len(labels))
    return Outcome(Choice((labels[found.index],)), found.confidence)


TYPE = TaskType(
    "image-single-label",
    Path(__file__).parent,
    min_labels=2,
    max_labels=50,
    endings=IMAGES,
    element="crowd-image-classifier",
    read=read,
    consolidate=consolidate,
    medium="image",
    closed=ONE,
    suggestion=one_label,
)
