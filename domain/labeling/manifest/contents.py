"""Texts and records, which stand in the manifest's lines themselves: read from objects, and made of a CSV's rows."""

from __future__ import annotations

import json
import math
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Any

from domain.errors import InvalidInput
from domain.task_types.model import TaskType
from domain.workflow.ports import ObjectStore

TEXT, ID = "text", "id"
MAX_TEXT = 16_000
"""Characters. As JSON a character takes up to six (beyond U+FFFF twelve), and so a line stays within 100,000."""
MAX_BYTES = {"text": 4 * MAX_TEXT + 3, "record": 400_000}
"""Of an object by its task type's content: whatever is larger is too long in any alphabet."""
_NAME = re.compile(r"\w[\w.-]{0,99}")
_DIGITS = 15  # so many a float keeps, in any program that reads JSON
_BATCH = 1000
_NUMBER = re.compile(r"-?(0|[1-9]\d*)(\.\d+)?")


def content_of(data: bytes, kind: TaskType) -> dict[str, Any]:
    """What a line of the manifest says of an object of these bytes. Raises ValueError, which says what is wrong."""
    try:
        text = data.decode("utf-8").removeprefix("\ufeff")
    except UnicodeDecodeError as error:
        raise ValueError(f"is not UTF-8 (byte {error.start})") from error
    return {"source": _text(text)} if kind.content == "text" else {"record": _record(text)}


@dataclass(frozen=True)
class RowObject:
    """A row of a CSV file as the object that it stands for: the object's name below the source prefix and its text.
    `rest` are the columns that are no part of it."""

    line: int
    file: str
    text: str
    rest: dict[str, str]


def row_objects(rows: Iterable[tuple[int, dict[str, str]]], name: str, kind: TaskType) -> Iterator[RowObject]:
    """Objects are called by the column `id`, or by the row's number.

    Raises:
        InvalidInput: an id cannot be a name or comes twice, or nothing but an id is there; `name` is the file's.
    """
    seen: dict[str, int] = {}
    for number, (line, row) in enumerate(rows, start=1):
        where = f"{name}, line {line}"
        stem = row.get(ID, str(number))
        if not _NAME.fullmatch(stem):
            raise InvalidInput(
                f"{where}: id {stem[:80]!r} cannot be part of a name; up to 100 letters, digits, '.', '_' and '-' can"
            )
        if stem in seen:
            raise InvalidInput(f"{where}: id {stem!r} stands in line {seen[stem]} too")
        seen[stem] = line
        others = {column: value for column, value in row.items() if column != ID}
        if not others:
            raise InvalidInput(f"{where}: there is no column but `id`")
        text = others.pop(TEXT) if kind.content == "text" else _record_text(others)
        yield RowObject(line, f"{stem}{kind.endings[0]}", text, others if kind.content == "text" else {})


def write_missing(objects: Iterable[RowObject], prefix: str, store: ObjectStore) -> None:
    """Writes those that are not there with this very content."""
    there = {item.key for item in store.list_objects(prefix)}
    remaining = iter(objects)
    while batch := {f"{prefix}{item.file}": item.text for item in islice(remaining, _BATCH)}:
        found = store.read_all_bytes(key for key in batch if key in there)
        same = {key for key, data in found if data == batch[key].encode("utf-8")}
        store.write_all((key, text) for key, text in batch.items() if key not in same)


def _record_text(row: Mapping[str, str]) -> str:
    return json.dumps({column: _value(value) for column, value in row.items()}, ensure_ascii=False, indent=1) + "\n"


def _value(text: str) -> str | int | float:
    """A number only where it reads again as the very same text: `01234`, `1.50`, `1e5` and long digits stay text."""
    if not _NUMBER.fullmatch(text) or len(text) > _DIGITS:
        return text
    number = float(text) if "." in text else int(text)
    return number if str(number) == text else text


def _text(text: str) -> str:
    if not text.strip():
        raise ValueError("is empty but for white space")
    if len(text) > MAX_TEXT:
        raise ValueError(f"has {len(text):,} characters; a text may have {MAX_TEXT:,}")
    return text


def _record(text: str) -> dict[str, Any]:
    try:
        record = json.loads(text, object_pairs_hook=_fields, parse_constant=_refuse_constant)
    except RecursionError as error:
        raise ValueError("is no record: a list in a list in a list, and so on") from error
    except json.JSONDecodeError as error:
        raise ValueError(f"is not JSON ({error})") from error
    if not isinstance(record, dict) or not record:
        raise ValueError("is no record: one JSON object with at least one field is")
    for name, value in record.items():
        if isinstance(value, (list, dict)) or (isinstance(value, float) and not math.isfinite(value)):
            raise ValueError(f"is no record: its field {name!r} is neither text, number, true, false nor null")
        if _has_surrogate(name) or (isinstance(value, str) and _has_surrogate(value)):
            raise ValueError(f"is no record: its field {name!r} holds half a character")
    return record


def _fields(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    fields = dict(pairs)
    if len(fields) < len(pairs):
        twice = next(name for name, count in Counter(name for name, _ in pairs).items() if count > 1)
        raise ValueError(f"is no record: its field {twice!r} comes twice")
    return fields


def _refuse_constant(name: str) -> None:
    raise ValueError(f"is no record: {name} is no JSON")


def _has_surrogate(text: str) -> bool:
    return any("\ud800" <= character <= "\udfff" for character in text)
