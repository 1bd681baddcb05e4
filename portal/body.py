"""What a request brings: fields of a form, or a JSON object of a size, depth and kind that an answer can have."""

from __future__ import annotations

import json
import math
from typing import Any, NoReturn
from urllib.parse import parse_qsl

MOST_BYTES = 2_000_000
MOST_FIELDS = 100
"""Of a form; the sign-in's has three."""
DEEPEST = 20
"""Objects and lists within one another; a box in its list in its element in a review's answer is the fifth."""
LONGEST_INTEGER = 100
"""Digits: more than any program counts to, and still a number where it becomes a floating point one."""


class BadBody(ValueError):  # noqa: N818 - an answer to whoever sent it
    """The text says what is wrong with it."""


def form_fields(body: bytes) -> dict[str, Any]:
    """Raises BadBody: more fields than any form of ours has."""
    try:
        return dict(parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True, max_num_fields=MOST_FIELDS))
    except ValueError as error:
        raise BadBody(f"The form has more than {MOST_FIELDS} fields.") from error


def json_fields(body: bytes) -> dict[str, Any]:
    """Raises BadBody: it is no JSON object, or one that nobody could keep."""
    try:
        fields = json.loads(body or b"{}", parse_constant=_no_number, parse_float=_float, parse_int=_int)
        if isinstance(fields, dict) and _depth(fields) > DEEPEST:
            raise ValueError(f"it is nested deeper than {DEEPEST} levels")
        # Half a pair of surrogates can be written as \ud800, but is no text: no store would take it.
        json.dumps(fields, ensure_ascii=False).encode()
    except (ValueError, RecursionError) as error:  # brackets a hundred thousand deep
        raise BadBody(f"The request's body is not valid JSON: {error}") from error
    if not isinstance(fields, dict):
        raise BadBody("The request's body must be a JSON object.")
    return fields


def _depth(value: Any) -> int:
    """Counted level by level, for a call a level would have Python's own limit."""
    level, depth = [value], 0
    while level and depth <= DEEPEST:
        level = [inner for outer in level for inner in _inside(outer) if isinstance(inner, (dict, list))]
        depth += 1
    return depth


def _inside(outer: Any) -> Any:
    return outer.values() if isinstance(outer, dict) else outer


def _no_number(text: str) -> NoReturn:
    raise ValueError(f"{text} is no number of JSON")


def _float(text: str) -> float:
    value = float(text)
    if not math.isfinite(value):
        raise ValueError(f"{text[:20]} is too large a number")
    return value


def _int(text: str) -> int:
    if len(text) > LONGEST_INTEGER:
        raise ValueError(f"a number has more than {LONGEST_INTEGER} digits")
    return int(text)
