"""A reviewed record: what people found of each of its fields."""

from __future__ import annotations

from typing import Literal, Union

from pydantic import BaseModel, ConfigDict

from domain.rows import FieldRow

FieldValue = Union[str, int, float, bool, None]  # noqa: UP007 - evaluated at run time, on Python 3.10 too


class FieldVerdict(BaseModel):
    """`value` is the right one: the field's own if it was accepted, None if it was rejected."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    verdict: Literal["accept", "correct", "reject"]
    value: FieldValue


ReviewedRecord = dict[str, FieldVerdict]
"""By the field's name, in the record's order."""


def field_rows(record: ReviewedRecord) -> dict[str, FieldRow]:
    """As rows of files have it."""
    return {name: {"verdict": field.verdict, "value": field.value} for name, field in record.items()}
