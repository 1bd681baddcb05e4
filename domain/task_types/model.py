"""A kind of question: what people see, what an answer is, and how many answers become one."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from domain.labels.boxes import BoxLabel
from domain.labels.records import ReviewedRecord

if TYPE_CHECKING:
    from domain.task_types.closed import Closed
    from domain.task_types.weighed import Weighed

IMAGES = (".jpg", ".jpeg", ".png")
_NAMED = {"address": (), "text": ("source",), "record": ("record",)}


@dataclass(frozen=True)
class Choice:
    """What one worker answered: one label or several; the rest is None where the question is not about it.

    `wrong` is a label that the worker found wrong.
    """

    labels: tuple[str, ...]
    boxes: tuple[BoxLabel, ...] | None = None
    transcript: str | None = None
    record: ReviewedRecord | None = None
    wrong: str | None = None

    def __str__(self) -> str:
        return " + ".join(self.labels) or "none"


@dataclass(frozen=True)
class Outcome:
    """What several answers come to: a choice and how sure it is, from 0 to 1; or none, with the reason. So sure is each
    of its boxes, in their order, where somebody has estimated it."""

    choice: Choice | None
    confidence: float | None = None
    reason: str = ""
    box_confidences: tuple[float, ...] | None = None


@dataclass(frozen=True)
class TaskType:
    """`folder` holds the page that workers see, `template.liquid.html`; its `element` gives the answer under its name.

    `endings` are those of the objects that it is asked of; `fields` is what else must be known of each object, beside
    its address. `read` makes a choice of the element's value, the task's labels and the object's own fields, or raises
    ValueError, which says what the value should be; `consolidate` gets the choices of different workers, in the order
    of their names. `own_labels` are labels of the type's own, which an answer may have beside those of the task.
    `medium` is what recipes call the objects; None where no recipe works on them. `content` is what people are shown of
    an object: what its address leads to, or its text or record, which then stands in the manifest's line. `usual` tells
    workers what to do where the task has no instructions of its own; `said` is a choice as its worker reads it again.
    `closed`: the questions with a fixed list of answers that it consists of; None where people write or draw: there
    `weighed` says how answers are taken by weight.
    """

    name: str
    folder: Path
    min_labels: int
    max_labels: int
    endings: tuple[str, ...]
    element: str
    read: Callable[[Any, Sequence[str], Mapping[str, Any]], Choice]
    consolidate: Callable[[Sequence[Choice], Sequence[str]], Outcome]
    medium: str | None = None
    fields: tuple[str, ...] = ()
    own_labels: tuple[str, ...] = ()
    content: Literal["address", "text", "record"] = "address"
    usual: str = "Choose the one answer that fits best, then submit."
    said: Callable[[Choice], str] = str
    closed: Closed | None = None
    weighed: Weighed | None = None

    @property
    def needs(self) -> tuple[str, ...]:
        """Fields that the manifest's line of each object must have, beside its address."""
        return (*_NAMED[self.content], *self.fields)

    @property
    def template(self) -> str:
        """Liquid, with places for the question and the instructions."""
        return (self.folder / "template.liquid.html").read_text(encoding="utf-8")

    def choice(self, content: Mapping[str, Any], labels: Sequence[str], given: Mapping[str, Any]) -> Choice:
        """Of a whole form, about an object with these fields of its own.

        Raises:
            ValueError: it cannot be the answer of this task; the message says why.
        """
        try:
            return self.read(content.get(self.element), labels, given)
        except ValueError as error:
            raise ValueError(f'the answer must be {{"{self.element}": {error}}}') from error
