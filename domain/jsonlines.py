"""JSON Lines: one JSON value a line, UTF-8.

Lines end at "\\n" alone: names may hold U+2028 and other characters at which `str.splitlines` would cut a row in two.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from domain.errors import InvalidInput

# json.dumps would make an encoder for each row.
_ENCODER = json.JSONEncoder(ensure_ascii=True, separators=(", ", ": "))


def dump_line(row: Mapping[str, Any]) -> str:
    """One row, without its line end. ASCII only, so that any reader splits lines alike."""
    return _ENCODER.encode(row)


def dump_lines(rows: Iterable[Mapping[str, Any]]) -> str:
    return "".join(f"{dump_line(row)}\n" for row in rows)


def lines_of(text: str) -> Iterator[tuple[int, str]]:
    """The non-blank lines with their numbers, counted from 1."""
    for number, line in enumerate(text.split("\n"), start=1):
        if line.strip():
            yield number, line


def load_lines(text: str, name: str) -> Iterator[dict[str, Any]]:
    """The rows of `text`. `name` says in an error which file is broken.

    Raises:
        InvalidInput: a line is not a JSON object.
    """
    for number, line in lines_of(text):
        try:
            row = json.loads(line)
        except ValueError as error:
            raise InvalidInput(f"{name}, line {number}: not JSON ({error})") from error
        if not isinstance(row, dict):
            raise InvalidInput(f"{name}, line {number}: a JSON object was expected, not {type(row).__name__}")
        yield row
