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
    rows, place = np.unique(words.view("V32").ravel(), return_inverse=True)
    del words
    different, place = rows.view(np.uint64).reshape(-1, 4), place.astype(np.int32)
    joined = _Joined(different)
    pictures = different, transposed(different)
    if len(different) <= FEW:
        for picture in pictures:
            joined.compare(picture, _each_with_each(len(different)))
    else:
        for band in range(BANDS):  # before all else: in what is one group already nothing is compared any more
            joined.compare(different, _Band(different, band).first_with_each())
        for band in range(BANDS):
            index = _Band(different, band)
            for picture in pictures:
                joined.compare(picture, index.alike(picture, joined.group.copy()))
    return np.asarray(joined.group[place], np.intp)


class _Joined:
    """`group` holds for each place the first of those that it has been joined with."""

    def __init__(self, different: Words) -> None:
        self._different = different
        self.group: Places = np.arange(len(different))

    def compare(self, picture: Words, pairs: Iterable[tuple[Places, Places]]) -> None:
        """Joins those of the pairs, places in `picture` and in the different ones, that are near."""
        for left, right in pairs:
            near = are_near(picture.take(left, 0), self._different.take(right, 0))
            if near.any():
                self._join(left[near], right[near])

    def _join(self, left: Places, right: Places) -> None:
        while True:
            ours, theirs = self.group[left], self.group[right]
            if np.array_equal(ours, theirs):
                return
            np.minimum.at(self.group, np.maximum(ours, theirs), np.minimum(ours, theirs))
            while not np.array_equal(leaders := self.group[self.group], self.group):
                self.group = leaders


def _each_with_each(count: int) -> Iterator[tuple[Places, Places]]:
    places = np.arange(count)
    for place in places[:-1]:
        right = places[place + 1 :]
        yield np.full(len(right), place), right


class _Band:
    """The places of all fingerprints, sorted by the number that one of their bands is.

    Multi-index hashing (Norouzi, Punjani and Fleet, "Fast Exact Search in Hamming Space with Multi-Index Hashing",
    2014): where at most `DISTANCE` bits differ, one of the first `extra + 1` bands differs in at most `radius` bits, or
    one of the others in less. A band that mirrors invert is looked up as it is or inverted, whichever is smaller.
    """

    def __init__(self, words: Words, band: int) -> None:
        radius, extra = divmod(DISTANCE, BANDS)
        self._radius = radius if band <= extra else radius - 1
        self._words = words
        self._band = band
        self._inverted_by_mirrors = band >= BANDS // 4  # all but even even
        self._own = self.keys(words)
        self.order = np.argsort(self._own, kind="stable").astype(np.int32)
        self.starts = np.append(0, np.cumsum(np.bincount(self._own, minlength=1 << BAND_BITS))).astype(np.int32)

    def first_with_each(self) -> Iterator[tuple[Places, Places]]:
        """The first of those that have a key in common with each of them: what joins the frames of one camera."""
        for start in range(0, len(self.order), CHUNK):
            each = self.order[start : start + CHUNK].astype(np.intp)
            yield self.order[self.starts[self._own[each]]].astype(np.intp), each

    def alike(self, picture: Words, group: Places) -> Iterator[tuple[Places, Places]]:
        """Places in `picture` and in the words that can be near, and are not in one group."""
        own, turned = self.keys(picture), picture is not self._words
        settled = self._settled(group)
        for mask in _masks(self._radius):
            wanted = self.smaller(own ^ mask)
            counts = self.starts[wanted + 1] - self.starts[wanted]
            counts[settled[wanted] == group] = 0
            if not turned:
                counts[wanted < own] = 0  # found from the other side
            for left, right in self.pairs(wanted, counts):
                once = left < right if mask == 0 or turned else slice(None)
                yield left[once], right[once]

    def _settled(self, group: Places) -> Places:
        """For each key the group that all its places are in; -1 where they are in several or none is there."""
        found = np.full(1 << BAND_BITS, -1)
        filled = np.flatnonzero(np.diff(self.starts))
        groups = group[self.order]
        lowest, highest = (some.reduceat(groups, self.starts[filled]) for some in (np.minimum, np.maximum))
        found[filled] = np.where(lowest == highest, lowest, -1)
        return found

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
