"""What is found of a record's fields, compared and put together."""

from __future__ import annotations

from collections.abc import Iterable

from domain.labels.records import FieldValue, ReviewedRecord
from domain.task_types.model import Choice
from domain.text import plain

ACCEPTED, CORRECTED, REJECTED = "accepted", "corrected", "rejected"


def choice_of(record: ReviewedRecord) -> Choice:
    """With what was found of the whole as its label."""
    verdicts = {field.verdict for field in record.values()}
    label = REJECTED if "reject" in verdicts else CORRECTED if "correct" in verdicts else ACCEPTED
    return Choice((label,), record=record)


def compared(value: FieldValue) -> FieldValue:
    """Texts that differ in spaces alone are the same."""
    return plain(value) if isinstance(value, str) else value


def no_majority(fields: Iterable[str]) -> str:
    return f"no majority of the workers agrees on {', '.join(map(repr, fields))}"
