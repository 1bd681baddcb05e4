"""What Kempelen can ask people to do, as data: one row a task type."""

from __future__ import annotations

from dataclasses import dataclass

from domain.errors import InvalidInput


@dataclass(frozen=True)
class TaskType:
    """One kind of question: how many labels it can offer, and the endings of the objects that it is asked of.

    `element` is the part of the workers' page that gives the answer, under its name. `medium` is what recipes call
    these objects; None where no recipe works on them.
    """

    name: str
    min_labels: int
    max_labels: int
    endings: tuple[str, ...]
    element: str
    medium: str | None = None


_IMAGES = (".jpg", ".jpeg", ".png")
TASK_TYPES = {
    task_type.name: task_type
    for task_type in (
        TaskType(
            "image-single-label",
            min_labels=2,
            max_labels=50,
            endings=_IMAGES,
            element="crowd-image-classifier",
            medium="image",
        ),
    )
}


def task_type(name: str) -> TaskType:
    """The task type of this name.

    Raises:
        InvalidInput: there is no such type; the message lists those that there are.
    """
    if name not in TASK_TYPES:
        raise InvalidInput(f"task.type: {name!r} is not supported yet; supported: {', '.join(sorted(TASK_TYPES))}")
    return TASK_TYPES[name]
