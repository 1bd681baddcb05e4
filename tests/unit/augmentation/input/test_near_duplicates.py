"""Pictures that are nearly the same find each other, mirrored and turned too, whatever finds them."""

from __future__ import annotations

from collections import Counter
from itertools import combinations, product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from augmentation.image.fingerprint import DISTANCE, PATTERN, Words, are_near, distances, transposed, words_of
from augmentation.input import near_duplicates
from augmentation.input.near_duplicates import groups_of


def fingerprints(rng: np.random.Generator, count: int) -> Words:
    """As they are: the first bit is set."""
    return rng.integers(0, 2**64, (count, 4), np.uint64) | np.array([1 << 63, 0, 0, 0], np.uint64)


def changed(words: Words, bits: int, rng: np.random.Generator) -> Words:
    for bit in 1 + rng.choice(255, bits, replace=False):
        words = words ^ np.array([1 << 63 - bit % 64 if bit // 64 == word else 0 for word in range(4)], np.uint64)
    return words


def mirrored(words: Words) -> Words:
    return words ^ np.array([0, 2**64 - 1, 0, 2**64 - 1], np.uint64)


def named(words: Words) -> list[tuple[str, bytes]]:
    return [(f"{place:05}", row.astype(">u8").tobytes()) for place, row in enumerate(words)]


def distance(left: Words, right: Words) -> int:
    """The least number of bits, by comparing all orientations one by one."""
    ways = [
        way ^ np.array([0, *(2**64 - 1 if inverted else 0 for inverted in words)], np.uint64)
        for way in (left, transposed(left))
        for words in product([False, True], repeat=3)
    ]
    return min(int(np.bitwise_count(way ^ right).sum()) for way in ways)


@settings(max_examples=40)
@given(st.integers(0, 10_000))
def test_all_orientations_are_compared_in_two_looks(seed: int) -> None:
    one, other = fingerprints(np.random.default_rng(seed), 2)[:, None]
    found = min(distances(way, other)[0] for way in (one, transposed(one)))
    assert found == distance(one, other)


@pytest.mark.parametrize(("telling", "limit"), [(250, 42), (106, 42), (100, 40), (60, 24), (30, 12)])
def test_a_hash_that_says_little_must_be_nearer(telling: int, limit: int) -> None:
    """Two that differ from the pattern of noise in so many bits, and from each other in up to `limit`."""
    pattern = np.concatenate([PATTERN[down::2, across::2].ravel() for down in (0, 1) for across in (0, 1)])
    order = 1 + np.random.default_rng(telling).permutation(255)

    def one(places: NDArray[np.integer]) -> Words:
        bits = pattern.copy()
        bits[places] ^= True
        return words_of(np.packbits(bits).tobytes())

    for differ in (limit - 2, limit, limit + 2):
        half = differ // 2
        left, right = one(order[:telling]), one(np.append(order[: telling - half], order[255 - half :]))
        assert are_near(left, right)[0] == (distance(left, right) <= limit)


@pytest.mark.parametrize("few", [0, 2_000])
@settings(max_examples=15, deadline=None)
@given(seed=st.integers(0, 10_000))
def test_groups_are_what_comparing_all_pairs_finds(few: int, seed: int) -> None:
    """By the index and by comparing each with each; distances lie around the limit."""
    rng = np.random.default_rng(seed)
    words = fingerprints(rng, 4)
    for _ in range(8):
        origin = words[rng.integers(len(words))][None]
        for turn in (mirrored, transposed):
            origin = turn(origin) if rng.random() < 0.5 else origin
        words = np.concatenate([words, changed(origin, int(rng.integers(0, DISTANCE + 20)), rng)])
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(near_duplicates, "FEW", few)
        groups = groups_of(named(words))
    pairs = [
        (f"{a:05}", f"{b:05}")
        for a, b in combinations(range(len(words)), 2)
        if distance(words[a : a + 1], words[b : b + 1]) <= DISTANCE
    ]
    assert all(groups[a] == groups[b] for a, b in pairs)
    assert groups.keys() == {name for pair in pairs for name in pair}
    assert all(leader == min(name for name, own in groups.items() if own == leader) for leader in groups.values())


def test_among_many_each_pair_is_found_up_to_the_last_bit() -> None:
    """5,000 pictures, each with a copy that differs in just the limit, in bits spread evenly: the worst for bands."""
    rng = np.random.default_rng(3)
    words = fingerprints(rng, 5_000)
    far, near = words[:2_500], words[2_500:]
    copies = np.concatenate([changed(near[:50], DISTANCE, rng), changed(far[:50], DISTANCE + 1, rng)])
    turned = np.concatenate([copies[::2], transposed(mirrored(copies[1::2]))])
    groups = groups_of(named(np.concatenate([words, turned])))
    assert Counter(groups.values()) == {f"{place:05}": 2 for place in range(2_500, 2_550)}


def test_many_of_nearly_the_same_are_one_group() -> None:
    """Frames of a camera that stands still, a fifth of them the very same; comparing each with each took minutes."""
    rng = np.random.default_rng(4)
    one = fingerprints(rng, 1)
    noise = np.packbits(rng.random((12_000, 256)) < 0.03, axis=1).view(np.uint64) & np.uint64(2**63 - 1)
    words = np.concatenate([one ^ noise, np.repeat(one, 3_000, axis=0), fingerprints(rng, 50)])
    groups = groups_of(named(words))
    assert set(groups.values()) == {"00000"}
    assert len(groups) == 15_000


def test_a_group_is_transitive_and_the_order_does_not_matter() -> None:
    rng = np.random.default_rng(5)
    first = fingerprints(rng, 1)
    order = 1 + rng.permutation(255)
    steps = [first]
    for step in range(2):
        flips = order[step * DISTANCE : (step + 1) * DISTANCE]
        bits = np.unpackbits(steps[-1].astype(">u8").view(np.uint8))
        bits[flips] ^= 1
        steps.append(words_of(np.packbits(bits).tobytes()))
    prints = [("c", steps[0]), ("b", steps[1]), ("a", steps[2]), ("far", fingerprints(rng, 1))]
    rows = [(name, words.astype(">u8").tobytes()) for name, words in prints]
    assert groups_of(rows) == groups_of(rows[::-1]) == {"a": "a", "b": "a", "c": "a"}


def test_nothing_and_one_have_no_groups() -> None:
    assert groups_of([]) == {}
    assert groups_of(named(fingerprints(np.random.default_rng(6), 1))) == {}
