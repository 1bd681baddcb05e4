"""Which sources train, validate and test: by source, stratified by class, the same in every run and on every host."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from itertools import chain
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


def class_sizes(counts: Mapping[str, int], shares: Mapping[str, float]) -> dict[str, dict[str, int]]:
    """How many sources of each class each split gets: each class near its shares, and all together at theirs.

    Each class is rounded by itself, then single sources move from splits that have too many to those that have too few,
    in the classes that this brings nearest to their shares, as far as training keeps two sources of each class.
    scikit-learn's stratified splits hold totals and shares in the same way; classes of three would else never test.
    """
    sizes = {label: split_sizes(count, shares) for label, count in sorted(counts.items())}
    wanted = split_sizes(sum(counts.values()), shares)
    for _ in range(len(SPLITS)):  # each round satisfies one split at least
        over = {split: sum(own[split] for own in sizes.values()) - wanted[split] for split in SPLITS}
        most, least = max(SPLITS, key=over.__getitem__), min(SPLITS, key=over.__getitem__)
        spare = 2 if most == TRAIN else 0

        def gain(label: str, most: str = most, least: str = least) -> float:
            """How far the class is from its shares in the two splits."""
            return (sizes[label][most] - sizes[label][least]) - counts[label] * (shares[most] - shares[least])

        able = [label for label in sizes if sizes[label][most] > spare and counts[label] > 2]
        for label in sorted(able, key=lambda label: (-gain(label), label))[: min(over[most], -over[least])]:
            sizes[label][most] -= 1
            sizes[label][least] += 1
    return sizes


def assign_splits(
    classes: Mapping[str, str],
    shares: Mapping[str, float],
    known: Mapping[str, str] | None = None,
    groups: Mapping[str, str] | None = None,
) -> dict[str, str]:
    """The split of each source. `classes` maps source to class, `known` sources of an earlier version to their split,
    `groups` near-duplicates to their leader.

    A known source stays where it is, and its group follows it. New groups go, the largest first and then in the order
    of a hash of their name, where their classes miss the most; a source without near-duplicates is a group of its own.
    """
    known, groups = known or {}, groups or {}
    missing = class_sizes(Counter(classes.values()), shares)
    members: dict[str, list[str]] = {}
    single: list[str] = []
    assigned: dict[str, str] = {}
    leaders = set(groups.values())
    for source, label in classes.items():
        if source in known:
            assigned[source] = known[source]
            missing[label][known[source]] = missing[label].get(known[source], 0) - 1
        elif source in groups or source in leaders:
            members.setdefault(groups.get(source, source), []).append(source)
        else:
            single.append(source)
    followed = _followed(known, groups)
    several = {leader for leader, own in members.items() if leader in followed or len(own) > 1}
    largest = sorted(by_hash(several), key=lambda leader: (leader not in followed, -len(members[leader])))
    for leader in chain(largest, by_hash(chain(single, members.keys() - several))):
        own = members.get(leader, [leader])
        split = followed.get(leader) or _most_missing([missing[classes[source]] for source in own])
        for source in own:
            missing[classes[source]][split] -= 1
            assigned[source] = split
    return assigned


def _followed(known: Mapping[str, str], groups: Mapping[str, str]) -> dict[str, str]:
    """The split of each group with a known member; training, if earlier versions have it in several."""
    found: dict[str, str] = {}
    for source, split in known.items():
        leader = groups.get(source)
        if leader is not None:
            found[leader] = min(found.get(leader, split), split, key=SPLITS.index)
    return found


def _most_missing(missing: Sequence[Mapping[str, int]]) -> str:
    return max(SPLITS, key=lambda name: (sum(counts[name] for counts in missing), -SPLITS.index(name)))


def crossing(splits: Mapping[str, str], groups: Mapping[str, str]) -> tuple[str, str] | None:
    """Two of one group in different splits, if there are any."""
    first: dict[str, str] = {}
    for source in sorted(source for source in groups if source in splits):
        other = first.setdefault(groups[source], source)
        if splits[other] != splits[source]:
            return other, source
    return None


def by_hash(names: Iterable[str], salt: str = "") -> list[str]:
    """Names in an order that is random to the eye and the same everywhere."""
    return sorted(names, key=lambda name: hashlib.sha256(f"{salt}\0{name}".encode("utf-8", "surrogatepass")).digest())
