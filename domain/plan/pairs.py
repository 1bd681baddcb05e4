"""Which training image is mixed with which: by seed, always of another class, on every host the same."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping
from typing import NamedTuple

from domain.plan.identity import derive_seed
from domain.plan.known import Known
from domain.recipe import Output
from domain.recipe.splits import TRAIN


class _Ring(NamedTuple):
    """Training sources in the order of a hash, and for each place the next one whose class is another."""

    places: list[int]
    sources: list[str]
    others: list[int]


class Pairs:
    """Partners are drawn by consistent hashing (Karger et al., STOC 1997): sources stand on a ring at a hash of their
    name, another ring for each number of a variant, and an output takes the first source of another class from a hash
    of its own on. So a new source becomes the partner of a few, and all others keep theirs; of what `known` holds, all
    do.
    """

    def __init__(self, classes: Mapping[str, str], splits: Mapping[str, str], seed: int, known: Known) -> None:
        self._classes = classes
        self._splits = splits
        self._seed = seed
        self._known = known
        self._rings: dict[int, _Ring] = {}

    def partner(self, source: str, output: Output) -> str:
        """Of a training source's output; training has two classes at least."""
        branch = output.chain.branches[-1].branch
        kept = self._known.partner(source, passage_seed(self._seed, source, output))
        if kept is not None and self._fits(kept, source):
            return kept
        ring = self._ring(output.variant)
        drawn = derive_seed(self._seed, source, branch, output.variant, "partner")
        place = bisect_left(ring.places, drawn) % len(ring.places)
        if self._classes[ring.sources[place]] == self._classes[source]:
            place = ring.others[place]
        return ring.sources[place]

    def _fits(self, partner: str, source: str) -> bool:
        there = self._splits.get(partner) == TRAIN and partner in self._classes
        return there and self._classes[partner] != self._classes[source]

    def _ring(self, variant: int) -> _Ring:
        if variant not in self._rings:
            training = (source for source in self._classes if self._splits[source] == TRAIN)
            order = sorted((derive_seed(self._seed, source, "ring", variant), source) for source in training)
            sources = [source for _, source in order]
            self._rings[variant] = _Ring([place for place, _ in order], sources, self._next_others(sources))
        return self._rings[variant]

    def _next_others(self, sources: list[str]) -> list[int]:
        count = len(sources)
        others = [0] * count
        for place in range(2 * count - 1, -1, -1):  # twice around, for the end goes on at the start
            here, after = place % count, (place + 1) % count
            same = self._classes[sources[here]] == self._classes[sources[after]]
            others[here] = others[after] if same else after
        return others


def passage_seed(seed: int, source: str, output: Output) -> int:
    """The seed of the passage through the branch that an output comes from, as its row of the manifest has it."""
    return derive_seed(seed, source, output.chain.branches[-1].branch, output.variant)
