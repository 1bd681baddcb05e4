"""What a manifest's line suggests as an object's answer, if workers of its task type can be shown that."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from domain.task_types.model import Choice, TaskType

SUGGESTION = "suggestion"
"""The field of the line. One label is a text, several are a list; boxes are as the page's own element gives them."""


def suggestion_of(kind: TaskType, given: Mapping[str, Any], labels: Sequence[str]) -> dict[str, Any] | None:
    """The value that the page's element would give for the answer that is suggested.

    None where nothing is suggested, or nothing that could be an answer: a label that is none of the task's, an empty
    list, or any suggestion in a task type of which the object itself is what people look through.
    """
    found = given.get(SUGGESTION)
    if not found or kind.suggestion is None:
        return None
    value = kind.suggestion(found)
    try:
        kind.read(value, labels, given)
    except ValueError:
        return None
    return value


def suggested_choice(kind: TaskType, given: Mapping[str, Any], labels: Sequence[str]) -> Choice | None:
    """What whoever accepts the suggestion has chosen."""
    value = suggestion_of(kind, given, labels)
    return None if value is None else kind.read(value, labels, given)


def one_label(found: Any) -> dict[str, Any]:
    """As the element of one label has it; a list of one is that one."""
    return {"label": found[0] if isinstance(found, list) and len(found) == 1 else found}


def several_labels(found: Any) -> dict[str, Any]:
    return {"labels": found if isinstance(found, list) else [found]}


def boxes(found: Any) -> dict[str, Any]:
    """Of some boxes. That there is nothing to mark is not suggested: the page would have nothing to show."""
    given = found if isinstance(found, Mapping) else {}
    return {
        "boundingBoxes": given.get("boundingBoxes") or None,
        "inputImageProperties": given.get("inputImageProperties"),
    }


def as_suggestion(kind: TaskType, choice: Choice | None) -> Any:
    """What a manifest's line would say to suggest this; None where there is nothing to suggest."""
    if choice is None:
        return None
    if choice.boxes is not None:
        return {"boundingBoxes": [box.model_dump() for box in choice.boxes]}
    if "label" in kind.fields:
        return kind.said(choice)
    return list(choice.labels)
