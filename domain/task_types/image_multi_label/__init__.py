"""All labels that fit an image. Ground Truth's ImageMultiClassMultiLabel."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from domain.labels.consolidation import image_multi_class
from domain.task_types.model import IMAGES, Choice, Outcome, TaskType

_NONE = "most of the workers found that no label fits, or no label was chosen by most of them"


def read(value: Any, labels: Sequence[str], _given: Mapping[str, Any]) -> Choice:
    """An empty list is an answer: none of them fits."""
    given = value.get("labels") if isinstance(value, Mapping) else None
    if not isinstance(given, list) or any(label not in labels for label in given) or len(set(given)) < len(given):
        raise ValueError(f'{{"labels": [<some of {list(labels)}, each once>]}}')
    return Choice(tuple(label for label in labels if label in given))


def consolidate(choices: Sequence[Choice], labels: Sequence[str]) -> Outcome:
    """Each label is a question of its own, which more than half must have answered with yes; the least sure of those
    that were chosen says how sure the whole is."""
    chosen, confidence = [], []
    for label in labels:
        found = image_multi_class([int(label not in choice.labels) for choice in choices], classes=2)
        yes = sum(label in choice.labels for choice in choices)
        if 2 * yes > len(choices):
            chosen.append(label)
            confidence.append(found.confidence)
    if not chosen:
        return Outcome(None, reason=_NONE)
    return Outcome(Choice(tuple(chosen)), min(confidence))


TYPE = TaskType(
    "image-multi-label",
    Path(__file__).parent,
    min_labels=2,
    max_labels=50,
    endings=IMAGES,
    element="crowd-image-classifier-multi-select",
    read=read,
    consolidate=consolidate,
    medium="image",
    usual="Choose all answers that fit, then submit.",
)
