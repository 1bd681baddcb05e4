"""Reviews of several workers, field by field, by the weight of those who gave them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from domain.labels.records import FieldValue, FieldVerdict, ReviewedRecord
from domain.task_types.model import Choice, Outcome
from domain.task_types.record_review.fields import choice_of, compared, no_majority
from domain.task_types.weighed import Agreement, Weighed, Weighing

_ROUNDING = 1e-9
_Said = tuple[str, FieldValue]


def matched(choices: Sequence[Choice]) -> Weighing:
    """Of each field the verdict and value that workers with more than half of the weight gave; none for the record if a
    field has none. The least sure field says how sure the whole is."""
    reviews = [choice.record or {} for choice in choices]

    def outcome(weights: Sequence[float]) -> Outcome:
        agreed: ReviewedRecord = {}
        sure, total = 1.0, sum(weights)
        for name in reviews[0]:
            votes = defaultdict[_Said, float](float)
            spelled = defaultdict[_Said, list[FieldVerdict]](list)
            for review, weight in zip(reviews, weights, strict=True):
                votes[_said(review[name])] += weight
                spelled[_said(review[name])].append(review[name])
            most = max(votes, key=lambda one: votes[one])
            if votes[most] > (0.5 + _ROUNDING) * total:
                agreed[name] = min(spelled[most], key=lambda one: str(one.value))
                sure = min(sure, votes[most] / total)
        if open_fields := [name for name in reviews[0] if name not in agreed]:
            return Outcome(None, reason=no_majority(open_fields))
        return Outcome(choice_of(agreed), min(sure, 1.0))

    return outcome


def agreement(hers: Choice, right: Choice) -> Agreement:
    """Fields of which both say the same."""
    given, wanted = hers.record or {}, right.record or {}
    same = sum(name in given and _said(given[name]) == _said(field) for name, field in wanted.items())
    return Agreement(same, len(wanted), len(wanted) - same)


def _said(field: FieldVerdict) -> _Said:
    return field.verdict, compared(field.value)


WEIGHED = Weighed(matched, agreement, "fields", answers=3)
"""Accepted, rejected, or another value."""
