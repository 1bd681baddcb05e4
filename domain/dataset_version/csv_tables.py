"""Records and transcripts as CSV (RFC 4180), a file a split: UTF-8, lines end with CR LF."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from domain.rows import ManifestRow

OWN = ("source", "verdict")
"""Columns before those of the fields; a field of such a name has the column `field.<name>`."""


def field_names(rows: Iterable[ManifestRow]) -> list[str]:
    """All names of fields, in the order in which the rows of records first have them."""
    return list(dict.fromkeys(name for row in rows for name in row["fields"]))


def record_lines(rows: Iterable[ManifestRow], names: Sequence[str]) -> Iterator[str]:
    """A line an output: its source, its label, which is the verdict on a reviewed record, and the value of each field.

    null is empty, and so is a field that the record does not have; true and false are as in JSON.
    """
    yield _line([*OWN, *(f"field.{name}" if name in OWN else name for name in names)])
    for row in rows:
        yield _line([row["source"], row["label"], *(_cell(row["fields"].get(name)) for name in names)])


def transcript_lines(rows: Iterable[ManifestRow]) -> Iterator[str]:
    """A line an output: its path as in `manifest.jsonl`, and what is said in it."""
    yield _line(["path", "transcript"])
    for row in rows:
        yield _line([row["path"], row["transcript"]])


def _cell(value: Any) -> str:
    if value is None:
        return ""
    return value if isinstance(value, str) else json.dumps(value)


def _line(cells: Sequence[str]) -> str:
    text = io.StringIO()
    csv.writer(text, lineterminator="\r\n").writerow(cells)
    return text.getvalue()
