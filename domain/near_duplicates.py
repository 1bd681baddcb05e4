"""Groups of pictures that are nearly the same, from their fingerprints: such pictures must share a split.

A fingerprint is a number of `BITS` bits; two pictures are near-duplicates if at most `DISTANCE` bits differ. Groups are
transitive: what is near to a member belongs to the group.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import pairwise
from typing import Any

from domain.errors import InvalidInput

BITS = 256
# Measured on 80 drawn faces: a third of the size or JPEG quality 40 changes 12 bits at most, two faces differ in 46 at
# least. More than 12 would make the bands short, and the comparisons quadratic.
DISTANCE = 12


def read_fingerprints(rows: Iterable[Mapping[str, Any]], name: str) -> dict[str, int]:
    """Source to fingerprint, from rows of `fingerprints.jsonl`; `name` says in an error which file is broken.

    Raises:
        InvalidInput: a row has no `source`, or no `fingerprint` of 64 hexadecimal digits.
    """
    found: dict[str, int] = {}
    for row in rows:
        source, text = row.get("source"), row.get("fingerprint")
        if not isinstance(source, str) or not isinstance(text, str) or len(text) != BITS // 4:
            raise InvalidInput(f"{name}: a row needs `source` and a `fingerprint` of {BITS // 4} digits, not {row}")
        try:
            found[source] = int(text, 16)
        except ValueError as error:
            raise InvalidInput(f"{name}: the fingerprint of {source!r} is not hexadecimal: {text}") from error
    return found


def groups_of(fingerprints: Mapping[str, int], distance: int = DISTANCE) -> dict[str, str]:
    """Each member of a group of two or more, and the group's leader: its first name in order.

    Two numbers that differ in at most `distance` bits agree in one of `distance + 1` bands (pigeonhole), so only those
    that agree in a band are compared; the same number is compared once, whatever the count of its pictures.
    """
    same: dict[int, list[str]] = {}
    for source in sorted(fingerprints):
        same.setdefault(fingerprints[source], []).append(source)
    forest = {value: value for value in same}
    for left, right in _near(list(same), distance):
        forest[_root(forest, left)] = _root(forest, right)
    members: dict[int, list[str]] = {}
    for value, sources in same.items():
        members.setdefault(_root(forest, value), []).extend(sources)
    return {source: min(some) for some in members.values() if len(some) > 1 for source in some}


def _near(values: list[int], distance: int) -> Iterator[tuple[int, int]]:
    bands = distance + 1
    edges = [BITS * band // bands for band in range(bands + 1)]
    for low, high in pairwise(edges):
        mask = (1 << (high - low)) - 1
        buckets: dict[int, list[int]] = {}
        for value in values:
            bucket = buckets.setdefault((value >> low) & mask, [])
            yield from ((value, other) for other in bucket if bin(value ^ other).count("1") <= distance)
            bucket.append(value)


def _root(forest: dict[int, int], value: int) -> int:
    while forest[value] != value:
        forest[value] = forest[forest[value]]
        value = forest[value]
    return value
