"""What a worker's form holds, for each task type."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from domain.workflow.task_types import TaskType


def chosen_label(content: Mapping[str, Any], task_type: TaskType, labels: Sequence[str]) -> str:
    """The label that the form's value names.

    Raises:
        ValueError: it names none of `labels`; the message says what it should be.
    """
    value = content.get(task_type.element)
    label = value.get("label") if isinstance(value, Mapping) else None
    if label not in labels:
        raise ValueError(f'the answer must be {{"{task_type.element}": {{"label": <one of {list(labels)}>}}}}')
    return str(label)
