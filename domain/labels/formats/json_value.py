"""JSON of other tools, taken apart with the suspicion that it deserves: every fault has its path."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from typing import Any

from domain.errors import InvalidInput


class JsonValue:
    """A value and its place; what is asked of it and not there, or of another kind, raises InvalidInput."""

    __slots__ = ("_above", "_step", "value")

    def __init__(self, value: Any, step: str | int, above: JsonValue | None = None) -> None:
        self.value = value
        self._step = step
        self._above = above

    @property
    def where(self) -> str:
        """The file, then the path: `boxes.json: annotations[3].bbox`."""
        steps: list[str] = []
        value: JsonValue = self
        while value._above is not None:
            steps.append(f"[{value._step}]" if isinstance(value._step, int) else f".{value._step}")
            value = value._above
        path = "".join(reversed(steps)).removeprefix(".")
        return f"{value._step}: {path}" if path else str(value._step)

    def fault(self, reason: str) -> InvalidInput:
        return InvalidInput(f"{self.where}: {reason}")

    def __getitem__(self, key: str) -> JsonValue:
        found = self.get(key)
        if found is None:
            raise self.fault(f"`{key}` is missing")
        return found

    def get(self, key: str) -> JsonValue | None:
        """None where it is missing or null."""
        if not isinstance(self.value, dict):
            raise self.fault(f"an object with `{key}` was expected, not {self._told()}")
        value = self.value.get(key)
        return None if value is None else JsonValue(value, key, self)

    def each(self) -> Iterator[JsonValue]:
        if not isinstance(self.value, list):
            raise self.fault(f"a list was expected, not {self._told()}")
        return (JsonValue(value, number, self) for number, value in enumerate(self.value))

    def text(self) -> str:
        if not isinstance(self.value, str) or not self.value.strip():
            raise self.fault(f"a text was expected, not {self._told()}")
        if any("\ud800" <= character <= "\udfff" for character in self.value):
            raise self.fault(f"half of a character (a surrogate) stands in {self._told()}")
        return self.value

    def number(self) -> float:
        if isinstance(self.value, bool) or not isinstance(self.value, (int, float)):
            raise self.fault(f"a number was expected, not {self._told()}")
        try:
            number = float(self.value)
        except OverflowError:
            number = math.inf
        if not math.isfinite(number):
            raise self.fault(f"a finite number was expected, not {self._told()}")
        return number

    def pixels(self) -> int:
        """The length of a side: 1 or more."""
        number = self.number()
        if number < 1 or number != int(number):
            raise self.fault(f"a whole number of pixels was expected, not {self._told()}")
        return int(number)

    def key(self) -> str | int:
        """What names a thing in its file."""
        if isinstance(self.value, bool) or not isinstance(self.value, (int, str)):
            raise self.fault(f"a number or a text was expected, not {self._told()}")
        return self.value if isinstance(self.value, int) else self.text()

    def _told(self) -> str:
        told = json.dumps(self.value)
        return told if len(told) <= 40 else f"{told[:40]}…"


def read_json(text: str, name: str) -> JsonValue:
    """
    Raises:
        InvalidInput: it is no JSON; the message gives line and column.
    """
    try:
        return JsonValue(json.loads(text.removeprefix("\ufeff")), name)
    except json.JSONDecodeError as error:
        raise InvalidInput(f"{name}, line {error.lineno}, column {error.colno}: no JSON: {error.msg}") from error
    except RecursionError as error:
        raise InvalidInput(f"{name}: no JSON that can be read: it is nested too deeply") from error
    except ValueError as error:  # a number of thousands of digits
        raise InvalidInput(f"{name}: no JSON that can be read: {error}") from error
