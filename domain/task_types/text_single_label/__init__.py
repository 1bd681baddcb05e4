"""One label for a text. Ground Truth's TextMultiClass."""

from __future__ import annotations

from pathlib import Path

from domain.task_types.closed import ONE
from domain.task_types.image_single_label import consolidate, read
from domain.task_types.model import TaskType
from domain.task_types.suggested import one_label

TYPE = TaskType(
    "text-single-label",
    Path(__file__).parent,
    min_labels=2,
    max_labels=50,
    endings=(".txt",),
    element="crowd-classifier",
    read=read,
    consolidate=consolidate,
    medium="text",
    content="text",
    closed=ONE,
    suggestion=one_label,
)
