"""Reads a record, one JSON object of texts, numbers, true, false and null, or says why not."""

from __future__ import annotations

import json
from collections.abc import Sequence
from math import isfinite
from typing import Any

from augmentation.errors import BadRecord
from domain.labels.records import FieldValue

# Of a line of the labeling job's manifest, which holds the record too.
MAX_BYTES = 100_000
Fields = dict[str, FieldValue]


def read_fields(data: bytes) -> Fields:
    """Values by their names, in the file's order; a byte order mark is passed over.

    Raises:
        BadRecord: it is no such object in UTF-8, has no field, or has one twice.
    """
    try:
        found = json.loads(
            data.decode("utf-8").removeprefix("\ufeff"),
            object_pairs_hook=_once,
            parse_float=_finite,
            parse_constant=_no_number,
        )
    except UnicodeDecodeError as error:
        raise BadRecord(f"not UTF-8: byte {error.start:,} is 0x{data[error.start]:02x}") from error
    except json.JSONDecodeError as error:
        raise BadRecord(f"not JSON: {error}") from error
    except RecursionError as error:
        raise BadRecord("a record is one JSON object of single values; this one is nested too deeply") from error
    except ValueError as error:  # Python's limit for the digits of a whole number
        raise BadRecord(f"a number cannot be kept: {error}") from error
    if not isinstance(found, dict):
        raise BadRecord(f"a record is one JSON object, not {_kind(found)}")
    if not found:
        raise BadRecord("the record has no field")
    for name, value in found.items():
        _check_field(name, value)
    return found


def _check_field(name: str, value: Any) -> None:
    if isinstance(value, (dict, list)):
        raise BadRecord(f"the field {name!r} holds {_kind(value)}; a record's fields hold single values")
    for text in (name, value):
        if isinstance(text, str) and any("\ud800" <= character <= "\udfff" for character in text):
            raise BadRecord(f"the field {name!r} holds half of a character, \\ud800 to \\udfff by itself")


def _once(pairs: Sequence[tuple[str, Any]]) -> dict[str, Any]:
    fields = dict(pairs)
    if len(fields) < len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise BadRecord(f"the field {twice!r} comes twice")
    return fields


def _finite(text: str) -> float:
    value = float(text)
    if not isfinite(value):
        raise BadRecord(f"{text} is larger than a number can be")
    return value


def _no_number(text: str) -> float:
    raise BadRecord(f"{text} is no number in JSON")


def _kind(value: Any) -> str:
    names = {dict: "another object", list: "a list", str: "a text", bool: "true or false", type(None): "null"}
    return names.get(type(value), "a number")
