"""What the probe learns of: each image as often as a run makes outputs of it, mixed ones by their shares."""

from __future__ import annotations

import numpy as np
import pytest

from augmentation.tune.copies import Copies, plain_share, some_of
from augmentation.tune.judge import Examples, Judge, Way, training_set
from domain.plan.plan import Plan, make_plan
from domain.recipe import Recipe
from tests.support.builders.photos import any_label

NAMES = ["a", "b", "c", "d", "e", "f"]
CLASSES = np.array([0, 0, 0, 0, 1, 1])
ROWS = [any_label(name, ["zero", "one"][number]) for name, number in zip(NAMES, CLASSES, strict=True)]


def plan(**branch: object) -> Plan:
    steps = [{"op": "flip", "probability": 0.5}, {"export": "varied"}]
    mapping = {
        "name": "r",
        "splits": {"train": 1, "val": 0, "test": 0},
        "steps": [{"export": "plain"}, {"branch": "b", "variants": 3, "steps": steps, **branch}],
    }
    return make_plan(Recipe.from_mapping(mapping), ROWS, 7)


def judge(made: Plan, sources: list[str], partners: list[str] | None = None, own: list[float] | None = None) -> Judge:
    count = len(sources)
    vectors = np.arange(count, dtype=np.float32)[:, None] + 100
    copies = Copies(sources, partners or [""] * count, own or [1.0] * count, vectors)
    plain = np.arange(6, dtype=np.float32)[:, None]
    return Judge(Examples(NAMES, ROWS, CLASSES, np.arange(6), plain), [Way(made, copies)], 0)


def trained(one: Judge, train: list[int]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    plain, copied = one.examples.vectors.astype(float), one.ways[0].copies.vectors.astype(float)
    return training_set(one, 0, np.array(train), plain, copied)


def test_copies_weigh_as_much_as_the_outputs_that_they_stand_for() -> None:
    features, shares, weights = trained(judge(plan(), ["a", "a", "b", "e"]), [0, 1, 4])
    assert features[:, 0].tolist() == [0, 1, 4, 100, 101, 102, 103]
    assert shares.tolist() == [[1, 0], [1, 0], [0, 1], [1, 0], [1, 0], [1, 0], [0, 1]]
    # Of four outputs one is plain: 1/4, and the two copies of `a` share what the other three weigh.
    assert weights == pytest.approx([0.25, 0.25, 0.25, 0.375, 0.375, 0.75, 0.75])


def test_what_is_not_in_the_training_set_is_no_copy_and_no_partner() -> None:
    one = judge(plan(), ["a", "b", "e"], ["e", "f", ""], [0.7, 0.5, 1.0])
    features, shares, weights = trained(one, [0, 1, 4])
    assert features[:, 0].tolist() == [0, 1, 4, 100, 102]
    assert shares[3] == pytest.approx([0.7, 0.3])
    assert weights.sum() == pytest.approx(3)
    assert weights[1] == pytest.approx(1)  # `b` has lost its only copy: its plain image stands for all


def test_a_recipe_that_balances_raises_the_small_class_of_this_training_set() -> None:
    one = judge(plan(balance=1.0), ["a", "b", "c", "d", "e", "f"])
    _, shares, weights = trained(one, [0, 1, 2, 3, 4])
    by_class = shares.T @ weights
    assert by_class[0] == pytest.approx(by_class[1])
    assert by_class.sum() == pytest.approx(5)
    _, shares, weights = trained(judge(plan(), ["a", "b", "c", "d", "e", "f"]), [0, 1, 2, 3, 4])
    assert shares.T @ weights == pytest.approx([4, 1])


def test_some_outputs_are_drawn_by_seed_and_none_without_random_values() -> None:
    made = plan()
    some = some_of(made, "a", 2)
    assert some == some_of(made, "a", 2)
    assert len(some) == 2
    assert not any(output.chain.deterministic for output in some)
    assert len(some_of(made, "a", 9)) == 3
    assert plain_share(made, "a") == (1, 3)
