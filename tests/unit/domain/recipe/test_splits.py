"""Splits are by source, stratified, stable, and leave training something to train on."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.recipe.splits import SPLITS, TEST, TRAIN, VAL, assign_splits, class_sizes, split_sizes

DEFAULT = {"train": 0.7, "val": 0.15, "test": 0.15}

shares = st.tuples(st.integers(1, 20), st.integers(0, 20), st.integers(0, 20)).map(
    lambda parts: {name: part / sum(parts) for name, part in zip(SPLITS, parts, strict=True)}
)
classes = st.dictionaries(st.text(min_size=1, max_size=6), st.sampled_from(["a", "b", "c"]), max_size=60)


@pytest.mark.parametrize(
    ("count", "train", "val", "test"),
    [
        (0, 0, 0, 0),
        (1, 1, 0, 0),
        (2, 2, 0, 0),
        (3, 2, 1, 0),
        (4, 2, 1, 1),
        (7, 5, 1, 1),
        (26, 18, 4, 4),
        (100, 70, 15, 15),
    ],
)
def test_small_classes_train_first(count: int, train: int, val: int, test: int) -> None:
    assert split_sizes(count, DEFAULT) == {TRAIN: train, VAL: val, TEST: test}


@given(st.integers(0, 500), shares)
def test_sizes_add_up_and_training_is_never_starved(count: int, share: dict[str, float]) -> None:
    sizes = split_sizes(count, share)
    assert sum(sizes.values()) == count
    assert min(sizes.values()) >= 0
    assert sizes[TRAIN] >= min(count, 2)
    assert all(sizes[name] == 0 for name in SPLITS if share[name] == 0)


@given(st.integers(10, 2000))
def test_large_classes_come_within_one_source_of_their_shares(count: int) -> None:
    sizes = split_sizes(count, DEFAULT)
    assert all(abs(sizes[name] - count * DEFAULT[name]) <= 1 for name in SPLITS)


@given(classes, shares)
def test_each_class_is_split_by_the_sizes_of_all(members: dict[str, str], share: dict[str, float]) -> None:
    assigned = assign_splits(members, share)
    assert assigned.keys() == members.keys()
    wanted = class_sizes(Counter(members.values()), share)
    for label in set(members.values()):
        found = Counter(assigned[source] for source, own in members.items() if own == label)
        assert {name: found[name] for name in SPLITS} == wanted[label]


@pytest.mark.parametrize("each", [3, 4, 5, 9])
def test_many_small_classes_together_have_the_shares(each: int) -> None:
    """200 classes of three gave 400, 200 and 0 sources, each class being rounded alone."""
    sizes = class_sizes({f"{number:03}": each for number in range(200)}, DEFAULT)
    total = {split: sum(own[split] for own in sizes.values()) for split in SPLITS}
    assert total == {TRAIN: 140 * each, VAL: 30 * each, TEST: 30 * each}
    assert all(own[TRAIN] >= 2 for own in sizes.values())


@given(st.dictionaries(st.text(max_size=3), st.integers(3, 200), min_size=1, max_size=30), shares)
def test_classes_and_totals_come_near_their_shares(counts: dict[str, int], share: dict[str, float]) -> None:
    sizes = class_sizes(counts, share)
    wanted = split_sizes(sum(counts.values()), share)
    for label, own in sizes.items():
        assert sum(own.values()) == counts[label]
        assert min(own.values()) >= 0
        assert own[TRAIN] >= 2
        assert all(abs(own[split] - counts[label] * share[split]) <= 6 for split in SPLITS)  # a round moves one at most
    if min(counts.values()) * share[TRAIN] >= 3:  # no class is held back by the two that training keeps
        assert {split: sum(own[split] for own in sizes.values()) for split in SPLITS} == wanted


def test_stratified_splits_of_scikit_learn_have_the_same_totals() -> None:
    from sklearn.model_selection import train_test_split

    counts = {f"{number:02}": 3 + number % 5 for number in range(40)}
    labels = [label for label, count in counts.items() for _ in range(count)]
    train, rest = train_test_split(labels, train_size=round(0.7 * len(labels)), stratify=labels, random_state=1)
    sizes = class_sizes(counts, DEFAULT)
    assert sum(own[TRAIN] for own in sizes.values()) == len(train)
    theirs = Counter(train)
    assert all(abs(sizes[label][TRAIN] - theirs[label]) <= 1 for label in counts)
    assert sum(own[VAL] + own[TEST] for own in sizes.values()) == len(rest)


@given(classes, shares, st.randoms(use_true_random=False))
def test_the_order_of_the_labels_does_not_matter(
    members: dict[str, str], share: dict[str, float], random: object
) -> None:
    items = list(members.items())
    random.shuffle(items)  # type: ignore[attr-defined]
    assert assign_splits(dict(items), share) == assign_splits(members, share)


@given(classes, classes, shares)
def test_known_sources_stay_where_they_were(old: dict[str, str], new: dict[str, str], share: dict[str, float]) -> None:
    before = assign_splits(old, share)
    after = assign_splits({**new, **old}, share, before)
    assert {source: after[source] for source in old} == before


def test_new_sources_fill_what_is_missing() -> None:
    old = {f"old{index}": "a" for index in range(10)}
    known = dict.fromkeys(old, TRAIN)
    grown = {**old, **{f"new{index}": "a" for index in range(10)}}
    assert Counter(assign_splits(grown, DEFAULT, known).values()) == {TRAIN: 14, VAL: 3, TEST: 3}
