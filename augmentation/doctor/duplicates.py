"""Pictures that are there more than once: the same bytes, the same photo, or nearly the same scene."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from augmentation.doctor.look import Look
from augmentation.doctor.same_photo import Pair, alike
from augmentation.embedding.kept import Embeddings
from augmentation.image.fingerprint import BITS, distances, transposed, words_of
from augmentation.input.near_duplicates import groups_of
from learning.neighbors import nearest

# Measured (docs/doctor.md): a photo of which a fifth was cut off at each side is among the nearest of the whole one.
NEIGHBORS, CANDIDATE = 10, 0.75
SEMANTIC = 0.9  # the cosine of two pictures of one thing; of other photos of one class, 1 of 250,000 pairs
CLOSER = 0.5  # than is usual in this set: by so much of the median distance to the nearest


@dataclass(frozen=True)
class Duplicates:
    """`sources` are sorted by name; `kind` is exact, near or semantic; `score` from 0 to 1 says how alike the two of
    them are that are least so: 1, the share of equal bits or the correlation of the pixels, the cosine."""

    sources: tuple[str, ...]
    kind: str
    score: float


def find_duplicates(
    folder: Path, looks: Sequence[Look], embeddings: Embeddings | None, processes: int | None = None
) -> list[Duplicates]:
    """Groups of the same bytes or the same photo, transitive; and pairs of nearly the same scene.

    Without embeddings, parts of a photo are not found, nor what is nearly the same scene.
    """
    groups = _Groups()
    digests = {look.source: look.sha256 for look in looks if not look.unreadable}
    groups.join((pair, 1.0) for pair in _same_bytes(digests))
    prints = {look.source: look.fingerprint for look in looks if look.fingerprint}
    groups.join(_same_fingerprint(prints))
    if embeddings is not None:
        apart = [pair for pair in _candidates(embeddings) if groups.leader(pair[0]) != groups.leader(pair[1])]
        groups.join(alike(folder, apart, processes).items())
    found = [_group(members, score, digests) for members, score in groups.of_several()]
    return [*found, *(_scenes(embeddings, groups) if embeddings is not None else ())]


def _group(members: tuple[str, ...], score: float, digests: Mapping[str, str]) -> Duplicates:
    exact = len({digests[one] for one in members}) == 1
    return Duplicates(members, "exact" if exact else "near", 1.0 if exact else score)


def _same_bytes(digests: Mapping[str, str]) -> Iterator[Pair]:
    first: dict[str, str] = {}
    for source, digest in digests.items():
        other = first.setdefault(digest, source)
        if other != source:
            yield other, source


def _same_fingerprint(prints: Mapping[str, bytes]) -> Iterator[tuple[Pair, float]]:
    """Mirrored and turned ones too; the score is the share of equal bits."""
    for source, leader in groups_of(list(prints.items())).items():
        if source != leader:
            left, right = words_of(prints[leader]), words_of(prints[source])
            apart = min(int(distances(left, one)[0]) for one in (right, transposed(right)))
            yield (leader, source), 1 - apart / BITS


def _candidates(embeddings: Embeddings) -> list[Pair]:
    """Pairs that may be parts of one photo, sorted, so that a picture's pairs come together."""
    places, cosines = nearest(embeddings.vectors, NEIGHBORS)
    names = embeddings.sources
    return sorted(
        {
            (min(names[one], names[other]), max(names[one], names[other]))
            for one, column in np.argwhere(cosines >= CANDIDATE)
            for other in (int(places[one, column]),)
        }
    )


def _scenes(embeddings: Embeddings, groups: _Groups) -> Iterator[Duplicates]:
    """Pairs that are each other's nearest among all but copies, and nearer than is usual."""
    first: dict[str, int] = {}
    for place, name in enumerate(embeddings.sources):
        first.setdefault(groups.leader(name), place)
    kept = np.array(sorted(first.values()), np.intp)
    places, cosines = nearest(embeddings.vectors[kept], 1)
    if not places.size:
        return
    limit = max(SEMANTIC, 1 - CLOSER * (1 - float(np.median(cosines))))
    for one, other in enumerate(places[:, 0]):
        if one < other and places[other, 0] == one and cosines[one, 0] >= limit:
            pair = sorted(embeddings.sources[kept[place]] for place in (one, other))
            yield Duplicates(tuple(pair), "semantic", float(min(cosines[one, 0], 1)))


class _Groups:
    """Names that were joined; a group's score is that of its weakest link."""

    def __init__(self) -> None:
        self._leaders: dict[str, str] = {}
        self._scores: dict[str, float] = {}

    def leader(self, name: str) -> str:
        while (above := self._leaders.get(name, name)) != name:
            self._leaders[name] = self._leaders.get(above, above)
            name = above
        return name

    def join(self, pairs: Iterable[tuple[Pair, float]]) -> None:
        for (left, right), score in pairs:
            for name in (left, right):
                self._leaders.setdefault(name, name)
            first, second = sorted((self.leader(left), self.leader(right)))
            self._leaders[second] = first
            self._scores[first] = min(score, *(self._scores.get(one, 1.0) for one in (first, second)))

    def of_several(self) -> list[tuple[tuple[str, ...], float]]:
        members: dict[str, list[str]] = {}
        for name in sorted(self._leaders):
            members.setdefault(self.leader(name), []).append(name)
        return [(tuple(some), self._scores.get(leader, 1.0)) for leader, some in sorted(members.items())]
