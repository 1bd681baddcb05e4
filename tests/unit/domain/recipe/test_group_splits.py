"""Near-duplicates share a split: groups are assigned as one."""

from __future__ import annotations

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from domain.recipe.splits import SPLITS, TEST, TRAIN, VAL, assign_splits, crossing

SHARES = {"train": 0.7, "val": 0.15, "test": 0.15}


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
