"""Groups of pictures that are nearly the same, from their fingerprints: such pictures must share a split.

A fingerprint is a number of `BITS` bits; two pictures are near-duplicates if at most `DISTANCE` bits differ. Groups are
transitive: what is near to a member belongs to the group.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator, Mapping, MutableSequence, Sequence
from itertools import groupby, pairwise
from typing import Any

from domain.errors import InvalidInput

BITS = 256
# Measured on 80 drawn faces: a third of the size or JPEG quality 40 changes 12 bits at most, two faces differ in 46 at
# least. More than 12 would make the bands short, and the comparisons quadratic.
DISTANCE = 12


def read_fingerprint(row: Mapping[str, Any], name: str) -> tuple[str, int]:
    """Source and fingerprint of a row of `fingerprints.jsonl`; `name` says in an error which file is broken.

    Raises:
        InvalidInput: the row has no `source`, or no `fingerprint` of 64 hexadecimal digits.
    """
    source, text = row.get("source"), row.get("fingerprint")
    if not isinstance(source, str) or not isinstance(text, str) or len(text) != BITS // 4:
        raise InvalidInput(f"{name}: a row needs `source` and a `fingerprint` of {BITS // 4} digits, not {row}")
    try:
        return source, int(text, 16)
    except ValueError as error:
        raise InvalidInput(f"{name}: the fingerprint of {source!r} is not hexadecimal: {text}") from error


def groups_of(fingerprints: Iterable[tuple[str, int]], distance: int = DISTANCE) -> dict[str, str]:
    """Each member of a group of two or more, and the group's leader: its first name in order.

    `fingerprints` are gone through twice, so that only the numbers are kept, and the names of the groups' members.
    """
    values = [value for _, value in fingerprints]
    forest = array("Q", range(len(values)))
    for left, right in _near(values, distance):
        forest[_root(forest, left)] = _root(forest, right)
    del values
    several = {_root(forest, index) for index in range(len(forest)) if forest[index] != index}
    members: dict[int, list[str]] = {}
    for index, (source, _) in enumerate(fingerprints):
        if (root := _root(forest, index)) in several:
            members.setdefault(root, []).append(source)
    return {source: min(some) for some in members.values() for source in some}


def _near(values: Sequence[int], distance: int) -> Iterator[tuple[int, int]]:
    """Pairs of places in `values`.

    Two numbers that differ in at most `distance` bits agree in one of `distance + 1` bands (pigeonhole), so only those
    that agree in a band are compared; the same number is compared once, whatever the count of its pictures.
    """
    different = []
    for _, same in groupby(sorted(range(len(values)), key=values.__getitem__), key=values.__getitem__):
        first, *others = same
        different.append(first)
        yield from ((first, other) for other in others)
    bands = distance + 1
    edges = [BITS * band // bands for band in range(bands + 1)]
    for low, high in pairwise(edges):
        mask = (1 << (high - low)) - 1

        def band(index: int, low: int = low, mask: int = mask) -> int:
            return (values[index] >> low) & mask

        different.sort(key=band)
        for _, alike in groupby(different, key=band):
            bucket: list[int] = []
            for index in alike:
                own = values[index]
                yield from ((index, other) for other in bucket if bin(own ^ values[other]).count("1") <= distance)
                bucket.append(index)


def _root(forest: MutableSequence[int], index: int) -> int:
    while forest[index] != index:
        forest[index] = forest[forest[index]]
        index = forest[index]
    return index
