"""Whether each field of a record is right: accepted, corrected or rejected."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from domain.labels.records import FieldValue, FieldVerdict, ReviewedRecord
from domain.task_types.model import Choice, Outcome, TaskType
from domain.task_types.record_review.fields import ACCEPTED, CORRECTED, REJECTED, choice_of, compared, no_majority
from domain.task_types.record_review.values import same_kind, same_value
from domain.task_types.record_review.weighed import WEIGHED
from domain.text import composed

MAX_CHARACTERS = 2_000
"""Of a corrected value."""


def read(value: Any, _labels: Sequence[str], given: Mapping[str, Any]) -> Choice:
    """A verdict on each field of the object's own record; what is accepted is the record's value, whatever the form
    says. A correction that changes nothing is an acceptance."""
    record: Mapping[str, FieldValue] = given["record"]
    fields = value.get("fields") if isinstance(value, Mapping) else None
    if not isinstance(fields, Mapping) or set(fields) != set(record):
        raise ValueError(f'{{"fields": {{<each of {list(record)}>: {{"verdict", "value"}}}}}}')
    return choice_of({name: _verdict(name, fields[name], original) for name, original in record.items()})


def _verdict(name: str, form: Any, original: FieldValue) -> FieldVerdict:
    verdict = form.get("verdict") if isinstance(form, Mapping) else None
    if verdict == "accept":
        return FieldVerdict(verdict="accept", value=original)
    if verdict == "reject":
        return FieldVerdict(verdict="reject", value=None)
    if verdict != "correct":
        raise ValueError(f'of the field {name!r} a "verdict": "accept", "correct" or "reject"')
    value = form.get("value")
    if not same_kind(value, original, MAX_CHARACTERS):
        raise ValueError(
            f"of the field {name!r} a corrected value of the same kind as {original!r}; a text has 1 to "
            f"{MAX_CHARACTERS:,} characters"
        )
    if same_value(value, original):
        return FieldVerdict(verdict="accept", value=original)
    return FieldVerdict(verdict="correct", value=composed(value.strip()) if isinstance(value, str) else value)


def consolidate(choices: Sequence[Choice], _labels: Sequence[str]) -> Outcome:
    """Of each field the verdict and value that more than half of the workers gave; none for the record if a field has
    none. How sure: the smallest share of workers of any field; one worker alone gives 0."""
    reviews = [choice.record or {} for choice in choices]
    agreed: ReviewedRecord = {}
    shares = []
    for name in reviews[0]:
        given = [(review[name].verdict, compared(review[name].value)) for review in reviews]
        most, count = Counter(given).most_common(1)[0]
        if 2 * count > len(reviews):
            agreed[name] = reviews[given.index(most)][name]
            shares.append(count / len(reviews))
    if open_fields := [name for name in reviews[0] if name not in agreed]:
        return Outcome(None, reason=no_majority(open_fields))
    return Outcome(choice_of(agreed), round(min(shares), 2) if len(choices) > 1 else 0.0)


def said(choice: Choice) -> str:
    """What is not accepted, field by field."""
    fields = (choice.record or {}).items()
    corrected = [f"{name}: {field.value}" for name, field in fields if field.verdict == "correct"]
    rejected = [f"{name} rejected" for name, field in fields if field.verdict == "reject"]
    return ", ".join(corrected + rejected) or "all accepted"


TYPE = TaskType(
    "record-review",
    Path(__file__).parent,
    min_labels=0,
    max_labels=0,
    endings=(".json",),
    element="kempelen-record",
    read=read,
    consolidate=consolidate,
    medium="record",
    own_labels=(ACCEPTED, CORRECTED, REJECTED),
    content="record",
    usual="Accept each value that is right, correct the others, and reject what you cannot correct, then submit.",
    said=said,
    weighed=WEIGHED,
)
