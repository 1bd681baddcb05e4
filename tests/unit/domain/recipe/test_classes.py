"""A class can have its own variants and probability in a branch, and its own share in the balance."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest

from domain.errors import InvalidRecipe
from domain.labels.rows import LabelRow
from domain.plan.plan import Plan, make_plan
from domain.recipe import Recipe
from tests.support.builders.photos import any_label

INNER = {"branch": "inner", "variants": 2, "steps": [{"op": "grayscale"}, {"export": "inner"}]}


def recipe_of(classes: dict[str, Any] | None = None, inner: bool = False, **branch: Any) -> Recipe:
    steps = [{"op": "flip"}, {"export": "varied"}, *([INNER] if inner else [])]
    return Recipe.from_mapping(
        {
            "name": "any",
            "splits": {"train": 1, "val": 0, "test": 0},
            "classes": classes or {},
            "steps": [{"export": "plain"}, {"branch": "varied", "variants": 3, **branch, "steps": steps}],
        }
    )


def labels_of(**classes: int) -> list[LabelRow]:
    return [any_label(f"{name}-{index}.jpg", name) for name, count in classes.items() for index in range(count)]


def made(plan: Plan, export: str = "varied") -> Counter[str]:
    found: Counter[str] = Counter()
    for source, label in plan.classes.items():
        found[label] += sum(output.chain.export.export == export for output in plan.outputs(source))
    return found


def test_a_class_gets_its_own_variants() -> None:
    plan = make_plan(recipe_of({"rare": {"varied": {"variants": 20}}}), labels_of(rare=2, common=4), seed=1)
    assert made(plan) == {"rare": 40, "common": 12}


def test_no_variants_leave_a_class_out_of_the_branch() -> None:
    plan = make_plan(recipe_of({"common": {"varied": {"variants": 0}}}), labels_of(rare=2, common=4), seed=1)
    assert made(plan) == {"rare": 6, "common": 0}
    assert made(plan, "plain") == {"rare": 2, "common": 4}


def test_a_class_gets_its_own_probability() -> None:
    recipe = recipe_of({"rare": {"varied": {"probability": 0.2}}})
    found = made(make_plan(recipe, labels_of(rare=100, common=100), seed=1))
    assert 30 <= found["rare"] <= 90
    assert found["common"] == 300


def test_an_inner_branch_can_be_changed() -> None:
    plan = make_plan(recipe_of({"rare": {"inner": {"variants": 5}}}, inner=True), labels_of(rare=1, common=1), seed=1)
    assert made(plan, "inner") == {"rare": 15, "common": 6}


def test_balance_adds_to_what_the_class_has_of_its_own() -> None:
    recipe = recipe_of({"rare": {"varied": {"variants": 5}}}, balance=1.0)
    plan = make_plan(recipe, labels_of(rare=2, common=8), seed=1)
    total = made(plan) + made(plan, "plain")
    assert total == {"common": 32, "rare": 32}


def test_a_balanced_class_may_have_no_variants_of_its_own() -> None:
    recipe = recipe_of({"rare": {"varied": {"variants": 0}}}, balance=0.5)
    plan = make_plan(recipe, labels_of(rare=2, common=8), seed=1)
    assert made(plan) + made(plan, "plain") == {"common": 32, "rare": 16}


def test_a_share_by_class_raises_the_classes_that_it_names_alone() -> None:
    plan = make_plan(recipe_of(balance={"rare": 0.5}), labels_of(rare=2, mid=2, common=8), seed=1)
    assert made(plan) + made(plan, "plain") == {"common": 32, "rare": 16, "mid": 8}


def test_plan_and_outputs_stay_usable_as_keys() -> None:
    plan = make_plan(recipe_of(balance={"rare": 0.5}), labels_of(rare=1, common=3), seed=1)
    outputs = plan.outputs("rare-0.jpg")
    assert len(set(outputs)) == len(outputs)


@pytest.mark.parametrize("given", [{"classes": {"raer": {"varied": {"variants": 2}}}}, {"balance": {"raer": 0.5}}])
def test_a_class_that_no_image_has_is_refused_with_the_one_that_was_meant(given: dict[str, Any]) -> None:
    with pytest.raises(
        InvalidRecipe, match="no image has the class 'raer', which the recipe names; did you mean 'rare'"
    ):
        make_plan(recipe_of(**given), labels_of(rare=2, common=4), seed=1)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"classes": {"rare": {"vraied": {"variants": 2}}}}, "unknown branch 'vraied'; did you mean 'varied'"),
        ({"classes": {"rare": {"varied": {"varaints": 2}}}}, "varaints: unknown key; did you mean 'variants'"),
        ({"classes": {"rare": {"varied": {"variants": -1}}}}, "classes.rare.varied.variants: input should be greater"),
        ({"balance": 2}, r"steps\[1\].balance: input should be less than or equal to 1"),
        ({"balance": {"rare": 0}}, r"steps\[1\].balance.rare: input should be greater than 0"),
        ({"balance": {}}, r"steps\[1\].balance: needs at least 1 item"),
    ],
)
def test_a_wrong_number_is_refused_with_its_place(given: dict[str, Any], said: str) -> None:
    with pytest.raises(InvalidRecipe, match=said):
        recipe_of(**given)
