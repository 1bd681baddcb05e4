"""A kind of question: what people see, what an answer is, and how many answers become one."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from domain.labels.boxes import BoxLabel

IMAGES = (".jpg", ".jpeg", ".png")


@dataclass(frozen=True)
class Choice:
    """What one worker answered: one label or several; `boxes` is None where the question is not about places."""

    labels: tuple[str, ...]
    boxes: tuple[BoxLabel, ...] | None = None

    def __str__(self) -> str:
        return " + ".join(self.labels)


@dataclass(frozen=True)
class Outcome:
    """What several answers come to: a choice and how sure it is, from 0 to 1; or none, with the reason."""

    choice: Choice | None
    confidence: float | None = None
    reason: str = ""


@dataclass(frozen=True)
class TaskType:
    """`folder` holds the page that workers see, `template.liquid.html`; its `element` gives the answer under its name.

    `endings` are those of the objects that it is asked of. `read` makes a choice of the element's value and the task's
    labels, or raises ValueError, which says what the value should be; `consolidate` gets the choices of different
    workers, in the order of their names. `medium` is what recipes call the objects; None where no recipe works on them.
    """

    name: str
    folder: Path
    min_labels: int
    max_labels: int
    endings: tuple[str, ...]
    element: str
    read: Callable[[Any, Sequence[str]], Choice]
    consolidate: Callable[[Sequence[Choice], Sequence[str]], Outcome]
    medium: str | None = None

    @property
    def template(self) -> str:
        """Liquid, with places for the question and the instructions."""
        return (self.folder / "template.liquid.html").read_text(encoding="utf-8")

    def choice(self, content: Mapping[str, Any], labels: Sequence[str]) -> Choice:
        """Of a whole form. Raises ValueError: it cannot be the answer of this task; the message says why."""
        try:
            return self.read(content.get(self.element), labels)
        except ValueError as error:
            raise ValueError(f'the answer must be {{"{self.element}": {error}}}') from error
