"""Streams that are gone through more than once without being kept."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import TypeVar

Item = TypeVar("Item")


class Again(Iterable[Item]):
    """What is made anew each time it is gone through: the lines of a file or an object, the rows of a query."""

    def __init__(self, begin: Callable[[], Iterable[Item]]) -> None:
        self._begin = begin

    def __iter__(self) -> Iterator[Item]:
        return iter(self._begin())
