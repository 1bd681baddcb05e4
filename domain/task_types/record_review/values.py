"""Values of a record's fields: texts, numbers, truth values, and null."""

from __future__ import annotations

import sys
from typing import Any

from domain.labels.records import FieldValue
from domain.text import plain


def same_kind(value: Any, original: FieldValue, max_characters: int) -> bool:
    """Whether a corrected value may stand in the original's place: a finite number for a number, true or false for such
    a one, else a text that is not empty. Nobody knows what kind a null would have had: it becomes a text."""
    if isinstance(original, bool):
        return isinstance(value, bool)
    if isinstance(original, (int, float)):
        return is_number(value)
    return isinstance(value, str) and len(value.strip()) > 0 and len(value) <= max_characters


def is_number(value: Any) -> bool:
    """Not NaN nor infinite, and no integer that a float cannot hold: JSON as Python reads it has them all."""
    return isinstance(value, (int, float)) and not isinstance(value, bool) and abs(value) <= sys.float_info.max


def same_value(value: FieldValue, original: FieldValue) -> bool:
    if isinstance(value, str) and isinstance(original, str):
        return plain(value) == plain(original)
    return value == original
