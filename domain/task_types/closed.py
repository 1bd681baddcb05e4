"""Questions with a fixed list of answers, into which an answer of some task types splits.

Of such questions a consensus can estimate how often each worker is right, and what she takes for what.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from domain.labels.consolidation import NO_LABEL
from domain.task_types.model import Choice, Outcome

_WHOLE = ""
_RIGHT, _WRONG = "right", "wrong"
LIKELY_WRONG = "by the workers' votes, weighed by how often each is right, the label is more likely wrong"
Posteriors = Mapping[str, Sequence[float]]


@dataclass(frozen=True)
class Closed:
    """`questions` gives the answers of each question of a task with these labels; `answers` the number of a choice's
    answer to each; `outcome` what the posteriors of each question come to, for an object whose own label, where the
    task is about one, is `own`."""

    questions: Callable[[Sequence[str]], dict[str, tuple[str, ...]]]
    answers: Callable[[Choice, Sequence[str]], dict[str, int]]
    outcome: Callable[[Posteriors, Sequence[str], str], Outcome]


def _of_one(posteriors: Posteriors, labels: Sequence[str], _own: str) -> Outcome:
    """The likeliest; of two that are the same the one that stands first."""
    shares = posteriors[_WHOLE]
    sure = max(shares)
    return Outcome(Choice((labels[list(shares).index(sure)],)), sure)


def _of_each(posteriors: Posteriors, labels: Sequence[str], _own: str) -> Outcome:
    """Those more likely than not. The label that is least sure to fit, or not to fit, says how sure the whole is."""
    chosen = tuple(label for label in labels if posteriors[label][0] > 0.5)
    sure = min(max(posteriors[label]) for label in labels)
    return Outcome(Choice(chosen), sure) if chosen else Outcome(None, sure, NO_LABEL)


def _of_whether(posteriors: Posteriors, _labels: Sequence[str], own: str) -> Outcome:
    right, wrong = posteriors[_WHOLE]
    return Outcome(Choice((own,)), right) if right > wrong and own else Outcome(None, wrong, LIKELY_WRONG)


ONE = Closed(
    questions=lambda labels: {_WHOLE: tuple(labels)},
    answers=lambda choice, labels: {_WHOLE: labels.index(choice.labels[0])},
    outcome=_of_one,
)
"""Which label fits best."""
EACH = Closed(
    questions=lambda labels: {label: (label, f"not {label}") for label in labels},
    answers=lambda choice, labels: {label: int(label not in choice.labels) for label in labels},
    outcome=_of_each,
)
"""Of each label, whether it fits."""
WHETHER = Closed(
    questions=lambda _labels: {_WHOLE: (_RIGHT, _WRONG)},
    answers=lambda choice, _labels: {_WHOLE: int(not choice.labels)},
    outcome=_of_whether,
)
"""Whether the object's label is right."""
