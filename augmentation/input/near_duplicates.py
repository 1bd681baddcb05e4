"""Groups of pictures that are nearly the same, from their fingerprints: such pictures must share a split.

`are_near` says which two pictures are near-duplicates, be one of them mirrored or turned by quarters. Groups are
transitive: what is near to a member belongs to the group.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import combinations
from typing import Any

import numpy as np
from numpy.typing import NDArray

from augmentation.image.fingerprint import BITS, DISTANCE, Words, are_near, transposed, words_of

FEW = 2_000  # so many are compared each with each: an index would take longer
BAND_BITS = 16
BANDS = BITS // BAND_BITS
CHUNK = 1 << 13  # pairs that are compared at a time: their words fit into the processor's cache

Places = NDArray[np.intp]


def groups_of(fingerprints: Iterable[tuple[str, bytes]]) -> dict[str, str]:
    """Each member of a group of two or more, and the group's leader: its first name in order.

    `fingerprints` are gone through twice, so that only the bits are kept, and the names of the groups' members.
    """
    groups = _groups(words_of(_together(own for _, own in fingerprints)))
    shared = np.bincount(groups)[groups] > 1
    members: dict[int, list[str]] = {}
    for (source, _), group, several in zip(fingerprints, groups, shared, strict=True):
        if several:
            members.setdefault(int(group), []).append(source)
    return {source: min(some) for some in members.values() for source in some}


def _together(pieces: Iterable[bytes]) -> bytearray:
    whole = bytearray()
    for piece in pieces:
        whole += piece
    return whole


def _groups(words: Words) -> Places:
    """A number for each row: the same for those of a group."""
    if not len(words):
        return np.zeros(0, np.intp)
    _, first, place = np.unique(words.view("V32").ravel(), return_index=True, return_inverse=True)
    different = words[first]
    joined = _Joined(len(different))
    index = _each_with_each if len(different) <= FEW else _alike_in_a_band
    for picture in (different, transposed(different)):
        for left, right in index(picture, different):
            near = are_near(picture.take(left, 0), different.take(right, 0))
            if near.any():
                joined.join(left[near], right[near])
    return np.asarray(joined.group[place], np.intp)


class _Joined:
    """`group` holds for each place the first of those that it has been joined with."""

    def __init__(self, count: int) -> None:
        self.group: Places = np.arange(count)

    def join(self, left: Places, right: Places) -> None:
        """Each of `left` with its neighbor in `right`."""
        while True:
            ours, theirs = self.group[left], self.group[right]
            if np.array_equal(ours, theirs):
                return
            np.minimum.at(self.group, np.maximum(ours, theirs), np.minimum(ours, theirs))
            while not np.array_equal(leaders := self.group[self.group], self.group):
                self.group = leaders


def _each_with_each(_: Words, different: Words) -> Iterator[tuple[Places, Places]]:
    places = np.arange(len(different))
    for place in places[:-1]:
        right = places[place + 1 :]
        yield np.full(len(right), place), right


def _alike_in_a_band(picture: Words, different: Words) -> Iterator[tuple[Places, Places]]:
    """Places in `picture` and in `different` that can be near each other.

    Multi-index hashing (Norouzi, Punjani and Fleet, "Fast Exact Search in Hamming Space with Multi-Index Hashing",
    2014): where at most `DISTANCE` bits differ, one of the first `extra + 1` bands differs in at most `radius` bits, or
    one of the others in less. A band that mirrors invert is looked up as it is or inverted, whichever is smaller.
    """
    radius, extra = divmod(DISTANCE, BANDS)
    for band in range(BANDS):
        index = _Band(different, band)
        own = index.keys(picture)
        for mask in _masks(radius if band <= extra else radius - 1):
            wanted = index.smaller(own ^ mask)
            counts = index.starts[wanted + 1] - index.starts[wanted]
            if picture is different:
                counts[wanted < own] = 0  # found from the other side
            for left, right in index.pairs(wanted, counts):
                once = left < right if mask == 0 or picture is not different else slice(None)
                yield left[once], right[once]


class _Band:
    """The places of all fingerprints, sorted by the number that one of their bands is."""

    def __init__(self, words: Words, band: int) -> None:
        self._band = band
        self._inverted_by_mirrors = band >= BANDS // 4  # all but even even
        keys = self.keys(words)
        self.order = np.argsort(keys, kind="stable").astype(np.int32)
        self.starts = np.append(0, np.cumsum(np.bincount(keys, minlength=1 << BAND_BITS))).astype(np.int32)

    def keys(self, words: Words) -> NDArray[Any]:
        return self.smaller(words.view(np.uint16)[:, self._band].astype(np.int32))

    def smaller(self, keys: NDArray[Any]) -> NDArray[Any]:
        return np.minimum(keys, keys ^ ((1 << BAND_BITS) - 1)) if self._inverted_by_mirrors else keys

    def pairs(self, wanted: NDArray[Any], counts: NDArray[Any]) -> Iterator[tuple[Places, Places]]:
        """Each place of `wanted` with each of the `counts` places that have that key."""
        some = np.flatnonzero(counts)
        starts, counts = self.starts[wanted[some]], counts[some]
        ends = np.cumsum(counts)
        first = 0
        while first < len(some):
            # As many places as give about a chunk of pairs, and one at least.
            last = max(first + 1, int(np.searchsorted(ends, ends[first] - counts[first] + CHUNK)))
            own = counts[first:last]
            within = np.arange(own.sum()) - np.repeat(np.cumsum(own) - own, own)
            yield np.repeat(some[first:last], own), self.order[np.repeat(starts[first:last], own) + within]
            first = last


def _masks(radius: int) -> list[int]:
    """All numbers of a band with at most `radius` bits."""
    return [
        sum(1 << bit for bit in bits) for count in range(radius + 1) for bits in combinations(range(BAND_BITS), count)
    ]
