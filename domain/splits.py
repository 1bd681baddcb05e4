"""Which sources train, validate and test: by source, stratified by class, the same in every run and on every host."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from math import floor

TRAIN, VAL, TEST = "train", "val", "test"
SPLITS = (TRAIN, VAL, TEST)


def split_sizes(count: int, shares: Mapping[str, float]) -> dict[str, int]:
    """How many of `count` sources each split gets: largest remainders, then no wanted split left empty.

    Training needs two sources before any other split gets one: 1 -> 1/0/0, 2 -> 2/0/0, 3 -> 2/1/0, 4 -> 2/1/1.
    """
    wanted = [split for split in SPLITS if shares.get(split, 0) > 0]
    exact = {split: count * shares.get(split, 0) for split in SPLITS}
    sizes = {split: floor(exact[split] + 1e-9) for split in SPLITS}
    by_remainder = sorted(wanted, key=lambda split: (-(exact[split] - sizes[split]), SPLITS.index(split)))
    for index in range(count - sum(sizes.values())):
        sizes[by_remainder[index % len(by_remainder)]] += 1
    for split in wanted:
        least = 1
        if sizes[split] < least:
            donor = max(wanted, key=lambda other: (sizes[other], -SPLITS.index(other)))
            if sizes[donor] > (2 if donor == TRAIN else 1):
                sizes[donor] -= 1
                sizes[split] += 1
    return _training_first(sizes)


def _training_first(sizes: dict[str, int]) -> dict[str, int]:
    for split in (TEST, VAL):
        while sizes[TRAIN] < 2 and sizes[split] > 0:
            sizes[split] -= 1
            sizes[TRAIN] += 1
    return sizes


def assign_splits(
    classes: Mapping[str, str], shares: Mapping[str, float], known: Mapping[str, str] | None = None
) -> dict[str, str]:
    """The split of each source. `classes` maps source to class, `known` sources of an earlier version to their split.

    A known source stays where it is. New ones go, in the order of a hash of their name, where the most are missing.
    """
    known = known or {}
    members: dict[str, list[str]] = {}
    for source, label in classes.items():
        members.setdefault(label, []).append(source)
    assigned: dict[str, str] = {}
    for sources in members.values():
        fixed = {source: known[source] for source in sources if source in known}
        missing = split_sizes(len(sources), shares)
        for split in fixed.values():
            missing[split] = missing.get(split, 0) - 1
        assigned.update(fixed)
        for source in by_hash(source for source in sources if source not in known):
            split = max(SPLITS, key=lambda name: (missing[name], -SPLITS.index(name)))
            missing[split] -= 1
            assigned[source] = split
    return assigned


def by_hash(names: Iterable[str], salt: str = "") -> list[str]:
    """Names in an order that is random to the eye and the same everywhere."""
    return sorted(names, key=lambda name: hashlib.sha256(f"{salt}\0{name}".encode("utf-8", "surrogatepass")).digest())
