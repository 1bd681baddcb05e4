"""JSON Lines: one JSON value a line, UTF-8.

Lines end only at "\\n": names may hold U+2028 and other characters at which `str.splitlines` would cut a row in two.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, TypeVar

from domain.errors import InvalidInput

Item = TypeVar("Item")

# json.dumps would make an encoder for each row.
_ENCODER = json.JSONEncoder(ensure_ascii=True, separators=(", ", ": "))


def dump_line(row: Mapping[str, Any]) -> str:
    """One row, without its line end. ASCII only, so that any reader splits lines alike."""
    return _ENCODER.encode(row)


def dump_lines(rows: Iterable[Mapping[str, Any]]) -> str:
    return "".join(f"{dump_line(row)}\n" for row in rows)


def lines_of(text: str) -> Iterator[tuple[int, str]]:
    """The non-blank lines with their numbers, counted from 1."""
    return numbered(text.split("\n"))


def numbered(lines: Iterable[str]) -> Iterator[tuple[int, str]]:
    """The same of lines that are there already, as a file gives them."""
    for number, line in enumerate(lines, start=1):
        if number == 1:
            line = line.removeprefix("\ufeff")  # a byte order mark, as some editors write it
        if line.strip():
            yield number, line


class Repeatable(Iterable[Item]):
    """What is made anew each time it is gone through, and never kept: the lines of a file, the rows of a query."""

    def __init__(self, begin: Callable[[], Iterable[Item]]) -> None:
        self._begin = begin

    def __iter__(self) -> Iterator[Item]:
        return iter(self._begin())


def load_lines(text: str, name: str) -> Iterator[dict[str, Any]]:
    """The rows of `text`. `name` says in an error which file is broken.

    Raises:
        InvalidInput: a line is not a JSON object.
    """
    return iter(JsonLines[dict[str, Any]](text.split("\n"), name))


class JsonLines(Iterable[Item]):
    """The rows of some lines, as whoever wrote them made them; as often as the lines can be gone through.

    Raises:
        InvalidInput: while it is gone through, of a line that is not a JSON object.
    """

    def __init__(self, lines: Iterable[str], name: str) -> None:
        self._lines = lines
        self._name = name

    def __iter__(self) -> Iterator[Item]:
        for number, line in numbered(self._lines):
            try:
                row = json.loads(line)
            except ValueError as error:
                raise InvalidInput(f"{self._name}, line {number}: not JSON ({error})") from error
            if not isinstance(row, dict):
                raise InvalidInput(f"{self._name}, line {number}: a JSON object was expected, not {line.strip()[:40]}")
            yield row  # type: ignore[misc] # its type is a promise
