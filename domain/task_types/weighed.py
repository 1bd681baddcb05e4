"""Answers that workers write or draw, of which no two are the same to the letter: taken by weight, and compared."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple

from domain.task_types.model import Choice, Outcome


class Agreement(NamedTuple):
    """How near an answer comes to another: `right` of `of` of what the task type counts. `errors` may be more than
    `of - right`, where an answer has more in it than the other: words, for their error rate."""

    right: float
    of: float
    errors: float = 0.0


Weighing = Callable[[Sequence[float]], Outcome]
"""What an object's answers come to by the weights of their workers, in the same order, each more than nothing."""


@dataclass(frozen=True)
class Weighed:
    """`matched` compares the answers of one object, two at least, with each other, once; what they come to then goes
    quickly. Which answer is whose says nothing but by weight. `agreement` holds an answer against what is held to be
    right; `counts` is what it counts: boxes (F1 at an overlap of 0.5), words, or fields. `answers` are so many as a
    question has, when who is wrong gives any other: the fewer, the less does it say that two give the same."""

    matched: Callable[[Sequence[Choice]], Weighing]
    agreement: Callable[[Choice, Choice], Agreement]
    counts: Literal["boxes", "words", "fields"]
    answers: int = 2
