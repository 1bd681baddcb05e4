"""Pictures that are nearly the same find each other, and share a split."""

from __future__ import annotations

import random
from collections import Counter
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.errors import InvalidInput
from domain.plan.near_duplicates import BITS, DISTANCE, groups_of, read_fingerprint
from domain.recipe.splits import SPLITS, TEST, TRAIN, VAL, assign_splits, crossing

SHARES = {"train": 0.7, "val": 0.15, "test": 0.15}


def changed(value: int, bits: int, rng: random.Random) -> int:
    for bit in rng.sample(range(BITS), bits):
        value ^= 1 << bit
    return value


@given(st.integers(0, 10_000))
def test_groups_are_what_comparing_all_pairs_finds(seed: int) -> None:
    rng = random.Random(seed)
    prints = {f"{index}": rng.getrandbits(BITS) for index in range(5)}
    for index in range(5, 12):
        prints[f"{index}"] = changed(prints[str(rng.randrange(index))], rng.randint(0, DISTANCE + 6), rng)
    groups = groups_of(prints.items())
    near = [(a, b) for a, b in combinations(prints, 2) if bin(prints[a] ^ prints[b]).count("1") <= DISTANCE]
    assert all(groups[a] == groups[b] for a, b in near)
    assert groups.keys() == {name for pair in near for name in pair}
    assert all(leader == min(name for name, own in groups.items() if own == leader) for leader in groups.values())


def test_one_bit_too_many_makes_two_pictures() -> None:
    assert groups_of([("a", 0), ("b", (1 << DISTANCE) - 1)]) == {"a": "a", "b": "a"}
    assert groups_of([("a", 0), ("b", (1 << (DISTANCE + 1)) - 1)]) == {}


def test_a_group_is_transitive_and_the_order_does_not_matter() -> None:
    step = (1 << DISTANCE) - 1
    prints = {"c": step << DISTANCE | step, "b": step, "a": 0, "far": (1 << BITS) - 1}
    expected = {"a": "a", "b": "a", "c": "a"}
    assert groups_of(prints.items()) == groups_of(sorted(prints.items())) == expected


@pytest.mark.parametrize("row", [{"source": "a"}, {"source": "a", "fingerprint": "12"}, {"fingerprint": "0" * 64}])
def test_a_row_that_is_no_fingerprint_is_refused(row: dict[str, str]) -> None:
    with pytest.raises(InvalidInput, match="fingerprint"):
        read_fingerprint(row, "prints.jsonl")


@given(st.dictionaries(st.integers(0, 99), st.tuples(st.sampled_from("ab"), st.integers(0, 9)), max_size=80))
def test_a_group_has_one_split_whatever_its_classes(drawn: dict[int, tuple[str, int]]) -> None:
    classes = {f"{number:02d}": label for number, (label, _) in drawn.items()}
    groups = {f"{number:02d}": f"g{group}" for number, (_, group) in drawn.items()}
    assigned = assign_splits(classes, SHARES, groups=groups)
    assert assigned.keys() == classes.keys()
    assert crossing(assigned, groups) is None


def test_pairs_are_split_by_the_shares_as_single_sources_are() -> None:
    classes = {f"{number:03d}": "ab"[number % 4 == 0] for number in range(400)}
    groups = {name: f"{int(name) // 4 * 4 + 2 * (int(name) % 4 > 1):03d}" for name in classes}
    counts = Counter((classes[name], split) for name, split in assign_splits(classes, SHARES, groups=groups).items())
    for label, size in (("a", 300), ("b", 100)):
        assert all(abs(counts[label, split] - size * SHARES[split]) <= 4 for split in SPLITS)


def test_a_group_follows_its_known_member() -> None:
    classes = {"new.jpg": "a", **{f"{number}.jpg": "a" for number in range(20)}}
    known = {f"{number}.jpg": TRAIN for number in range(19)} | {"19.jpg": TEST}
    assert assign_splits(classes, SHARES, known, {"new.jpg": "19.jpg", "19.jpg": "19.jpg"})["new.jpg"] == TEST


def test_near_duplicates_in_two_splits_are_found() -> None:
    groups = {"a": "a", "b": "a", "c": "a"}
    assert crossing({"a": TRAIN, "b": TRAIN, "c": VAL}, groups) == ("a", "c")
    assert crossing({"a": TRAIN, "b": TRAIN, "d": VAL}, groups) is None
