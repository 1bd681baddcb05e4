"""Records: written with the values that people found right, in JSON whose fields keep the record's own order."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import NamedTuple

from augmentation.errors import BadRecord
from augmentation.medium import Medium
from augmentation.record.reader import MAX_BYTES, Fields, read_fields
from domain.recipe import Recipe
from domain.recipe.outputs import Written
from domain.rows import FieldRow, Measures, Picture

ENDINGS = (".json",)
SHOWN_FIELDS, SHOWN_CHARACTERS = 24, 120  # of a record in the report


class Record(NamedTuple):
    """`fields` as the file has them; `review` is what people found of each, where they were asked."""

    fields: Fields
    review: Mapping[str, FieldRow] | None = None

    @property
    def right(self) -> Fields:
        """The accepted and the corrected values; null where a field was rejected."""
        if self.review is None:
            return self.fields
        return {name: self.review[name]["value"] for name in self.fields}


def medium_for(_: Recipe) -> Medium:
    return Medium(
        endings=ENDINGS,
        max_bytes=MAX_BYTES,
        read=lambda data: Record(read_fields(data)),
        labeled=reviewed,
        encode=_encoded,
        measures=_measures,
        shown=_shown,
        rejected=lambda _: None,
        by_ending=True,
    )


def reviewed(record: Record, review: str) -> Record:
    """The record with its review, JSON of `FieldRow` by the field's name.

    Raises:
        BadRecord: the review is one of other fields or values, so the file has been replaced since.
    """
    found: dict[str, FieldRow] = json.loads(review)
    for name in sorted(record.fields.keys() ^ found.keys()):
        has, lacks = ("record", "review") if name in record.fields else ("review", "record")
        raise BadRecord(f"the {has} has a field {name!r}, and the {lacks} has none; review the record again")
    for name, value in record.fields.items():
        accepted = found[name]["value"]
        if found[name]["verdict"] == "accept" and not _same(accepted, value):
            raise BadRecord(f"the field {name!r} is {value!r}, and {accepted!r} was accepted; review the record again")
    return Record(record.fields, found)


def _same(one: object, other: object) -> bool:
    """True is not 1."""
    return one == other and isinstance(one, bool) == isinstance(other, bool)


def _encoded(record: Record, _: Written) -> bytes:
    text = json.dumps(record.right, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return f"{text}\n".encode()


def _measures(record: Record) -> Measures:
    return {"fields": record.right}


def _shown(record: Record, _: int, __: Measures | None) -> Picture:
    right, review = record.right, record.review
    shown = list(record.fields)[:SHOWN_FIELDS]
    return {
        "record": [
            {
                "name": _cut(name),
                "value": _cut(json.dumps(right[name], ensure_ascii=False)),
                "before": _cut(json.dumps(record.fields[name], ensure_ascii=False)),
                "verdict": review[name]["verdict"] if review else "",
            }
            for name in shown
        ],
        "hidden": len(record.fields) - len(shown),
    }


def _cut(text: str) -> str:
    return text if len(text) <= SHOWN_CHARACTERS else f"{text[:SHOWN_CHARACTERS]}…"
