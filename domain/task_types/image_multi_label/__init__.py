"""All labels that fit an image. Ground Truth's ImageMultiClassMultiLabel."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from domain.labels.consolidation import NO_LABEL, chosen_labels, image_multi_class_multi_label
from domain.task_types.closed import EACH
from domain.task_types.model import IMAGES, Choice, Outcome, TaskType
from domain.task_types.suggested import several_labels


def read(value: Any, labels: Sequence[str], _given: Mapping[str, Any]) -> Choice:
    """An empty list is an answer: none of them fits."""
    given = value.get("labels") if isinstance(value, Mapping) else None
    if not isinstance(given, list) or any(label not in labels for label in given) or len(set(given)) < len(given):
        raise ValueError(f'{{"labels": [<some of {list(labels)}, each once>]}}')
    return Choice(tuple(label for label in labels if label in given))


def consolidate(choices: Sequence[Choice], labels: Sequence[str]) -> Outcome:
    """Labels that more than half of the workers chose; the least sure of them says how sure the whole is."""
    confidences = image_multi_class_multi_label([choice.labels for choice in choices], labels)
    chosen = chosen_labels(confidences, len(choices))
    if not chosen:
        return Outcome(None, reason=NO_LABEL)
    return Outcome(Choice(tuple(chosen)), min(confidences[label] for label in chosen))


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
    closed=EACH,
    suggestion=several_labels,
)
