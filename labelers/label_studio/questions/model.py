"""How Label Studio asks what a task type asks: what people see, what they answer, and what is suggested to them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from xml.sax.saxutils import quoteattr

from domain.workflow.inputs import LabelingTask

ANSWER = "label"
"""The control that gives the answer."""
_FIELD = re.compile(r"\$(?=[\w\[\].{}])", re.ASCII)
"""Where Label Studio's pages put in a field of the task, or nothing, anywhere in an attribute's value."""
_JOINER = "\u2060"  # takes no room
Part = Mapping[str, Any]
"""One entry of an annotation's or a prediction's `result`."""


@dataclass(frozen=True)
class Question:
    """`body` is the labeling configuration below the question's text.

    `data` makes a task's data of the address of what is shown and the object's own fields. `value` makes of an
    annotation's result what our own page's element gives for the same answer, or None; `suggestion` is the result of a
    prediction. `empty`: an annotation without any result is an answer.
    """

    body: Callable[[LabelingTask], str]
    data: Callable[[str, Mapping[str, Any]], dict[str, Any]]
    value: Callable[[Sequence[Part], Mapping[str, Any]], Any]
    suggestion: Callable[[LabelingTask, Mapping[str, Any]], list[Part]]
    empty: bool = False


def text(told: str) -> str:
    """As an attribute's value that is nothing but text."""
    return quoteattr(_FIELD.sub(f"${_JOINER}", told))


def names_a_field(told: str) -> bool:
    """Whether people would see something else in its place."""
    return told.startswith("$") or bool(_FIELD.search(told))


def choices(
    name: str, shown: str, values: Iterable[str], described: Mapping[str, str] | None = None, **attributes: str
) -> str:
    """A control with these choices. What describes one is shown when the pointer rests on it."""
    more = "".join(f" {key}={quoteattr(value)}" for key, value in attributes.items())
    inside = "".join(f"    <Choice value={quoteattr(value)}{_hint(value, described or {})}/>\n" for value in values)
    return f'  <Choices name="{name}" toName="{shown}"{more}>\n{inside}  </Choices>\n'


def _hint(value: str, described: Mapping[str, str]) -> str:
    return f" hint={quoteattr(described[value])}" if value in described else ""


def chosen(parts: Sequence[Part], name: str) -> list[str]:
    """In the control of this name; the last answer, if there are several."""
    return _last(parts, name, "choices")


def written(parts: Sequence[Part], name: str) -> str | None:
    """In the text area of this name; None where it is empty."""
    lines = _last(parts, name, "text")
    return "\n".join(lines).strip() or None


def of_choices(labels: Iterable[str], name: str, shown: str) -> Part:
    return {"from_name": name, "to_name": shown, "type": "choices", "value": {"choices": list(labels)}}


def of_text(told: str, name: str, shown: str) -> Part:
    return {"from_name": name, "to_name": shown, "type": "textarea", "value": {"text": [told]}}


def nothing(_task: LabelingTask, _given: Mapping[str, Any]) -> list[Part]:
    """No suggestion."""
    return []


def _last(parts: Sequence[Part], name: str, key: str) -> list[str]:
    found = [part for part in parts if part.get("from_name") == name]
    value = found[-1].get("value") if found else None
    told = value.get(key) if isinstance(value, Mapping) else None
    return [str(one) for one in told] if isinstance(told, list) else [told] if isinstance(told, str) else []
