"""A choice is drawn by weight, recorded, repeatable, and leaves the draws of the steps after it alone."""

from __future__ import annotations

from collections import Counter
from typing import Any

import numpy as np
import pytest

from augmentation.execution.graph import Execution, Made
from augmentation.image.frame import Frame
from domain.errors import InvalidRecipe
from domain.recipe import Recipe, chains
from domain.recipe.outputs import outputs_of
from tests.support.builders.photos import any_bgrx

TURN = {"op": "rotate", "degrees": [-20, 20]}
LIGHT = {"op": "brightness_contrast", "brightness": [-0.2, 0.2]}
GRAY = {"op": "grayscale"}


def recipe_of(*steps: dict[str, Any]) -> Recipe:
    return Recipe.from_mapping({"name": "any", "splits": {"train": 1, "val": 0, "test": 0}, "steps": list(steps)})


def branch_of(*ways: dict[str, Any], after: tuple[dict[str, Any], ...] = (), variants: int = 200) -> Recipe:
    steps = [{"one_of": list(ways)}, *after, {"export": "out"}]
    return recipe_of({"branch": "b", "variants": variants, "steps": steps})


def made_by(recipe: Recipe, seed: int = 1) -> list[Made]:
    wanted = outputs_of(chains(recipe), lambda *_: True)
    return list(Execution(seed, "a.jpg", wanted).run(recipe.steps, Frame.whole(any_bgrx(16, 12))))


def choices(made: list[Made]) -> Counter[int]:
    return Counter(one.steps[0]["values"]["chosen"] for one in made)


def test_ways_without_weights_are_drawn_alike() -> None:
    found = choices(made_by(branch_of({"steps": [TURN]}, {"steps": [GRAY]})))
    assert 70 <= found[0] <= 130


def test_a_weight_of_nine_is_drawn_nine_times_as_often() -> None:
    found = choices(made_by(branch_of({"weight": 9, "steps": [TURN]}, {"steps": [GRAY]})))
    assert 165 <= found[0] <= 195


def test_the_manifest_names_the_choice_and_the_steps_of_the_way_alone() -> None:
    for one in made_by(branch_of({"steps": [TURN, LIGHT]}, {"steps": []}), seed=3)[:50]:
        ops = [step["op"] for step in one.steps]
        assert ops == ["one_of", *(["rotate", "brightness_contrast"] if one.steps[0]["values"]["chosen"] == 0 else [])]


def test_the_way_drawn_decides_the_pixels() -> None:
    plain = any_bgrx(16, 12)
    for one in made_by(branch_of({"steps": [GRAY]}, {"steps": []}))[:30]:
        gray = bool(np.all(one.media.pixels[..., 0] == one.media.pixels[..., 2]))
        assert gray == (one.steps[0]["values"]["chosen"] == 0)
        assert gray or np.array_equal(one.media.pixels, plain)


def test_the_same_seed_chooses_the_same_and_another_seed_differs() -> None:
    recipe = branch_of({"steps": [TURN]}, {"steps": [LIGHT]}, variants=20)
    one, again, other = (made_by(recipe, seed) for seed in (1, 1, 2))
    assert [made.steps for made in one] == [made.steps for made in again]
    assert [made.steps for made in one] != [made.steps for made in other]


def test_a_choice_does_not_change_what_the_steps_after_it_draw() -> None:
    few = made_by(branch_of({"steps": []}, {"steps": [GRAY]}, after=(TURN,), variants=20))
    many = made_by(branch_of({"steps": [LIGHT, LIGHT]}, {"steps": [GRAY, LIGHT]}, after=(TURN,), variants=20))
    assert [made.steps[-1] for made in few] == [made.steps[-1] for made in many]


def test_a_choice_in_a_choice_is_followed() -> None:
    inner = {"one_of": [{"steps": [TURN]}, {"steps": [LIGHT]}]}
    ops = {tuple(step["op"] for step in one.steps) for one in made_by(branch_of({"steps": [inner]}, {"steps": []}))}
    assert ops == {("one_of",), ("one_of", "one_of", "rotate"), ("one_of", "one_of", "brightness_contrast")}


def test_an_export_after_a_choice_does_not_evaluate() -> None:
    steps = [{"export": "plain"}, {"one_of": [{"steps": [GRAY]}, {"steps": []}]}, {"export": "drawn"}]
    assert recipe_of(*steps).evaluated_by == "plain"
    with pytest.raises(InvalidRecipe, match="every export comes after a random step"):
        Recipe.from_mapping({"name": "any", "steps": steps[1:]})


@pytest.mark.parametrize(
    ("ways", "said"),
    [
        ([{"steps": [{"export": "x"}]}, {"steps": []}], r"one_of\[0\].steps\[0\]: no `export` can stand inside"),
        ([{"steps": [{"branch": "x", "steps": []}]}, {"steps": []}], "no `branch` can stand inside `one_of`"),
        ([{"steps": []}], r"steps\[0\].one_of: needs at least 2 items"),
        ([{"steps": [], "wieght": 2}, {"steps": []}], "wieght: unknown key; did you mean 'weight'"),
        ([{"steps": [], "weight": 0}, {"steps": []}], r"one_of\[0\].weight: input should be greater than 0"),
        ([{"steps": [{"op": "rotat"}]}, {"steps": []}], "unknown op 'rotat'; did you mean 'rotate'"),
        ([{"steps": [{"op": "rotate"}]}, {"steps": []}], r"steps\[0\].one_of\[0\].steps\[0\].degrees: missing"),
    ],
)
def test_a_wrong_choice_is_refused(ways: list[dict[str, Any]], said: str) -> None:
    with pytest.raises(InvalidRecipe, match=said):
        recipe_of({"one_of": ways}, {"export": "out"})


def test_a_branch_that_has_additional_variants_alone_is_entered() -> None:
    recipe = branch_of({"steps": [TURN]}, {"steps": [LIGHT]}, variants=1)
    mapping = {**recipe.model_dump(mode="json", exclude_none=True), "classes": {"rare": {"b": {"variants": 0}}}}
    own = Recipe.from_mapping(mapping).for_class("rare")
    wanted = outputs_of(chains(own), lambda *_: True, {"b": 3})
    made = list(Execution(1, "a.jpg", wanted).run(own.steps, Frame.whole(any_bgrx(16, 12))))
    assert [one.output.variant for one in made] == [0, 1, 2]
