"""MixUp and CutMix as words of a recipe: where they may stand, and what is said where they may not."""

from __future__ import annotations

from typing import Any

import pytest

from domain.errors import InvalidRecipe
from domain.recipe import Recipe, chains
from domain.recipe.fit import Wanted, check_fit


def recipe(*steps: Any, trunk: Any = (), **branch: Any) -> Recipe:
    mixed = {"branch": "mixed", "steps": [*steps, {"export": "mixed"}], **branch}
    return Recipe.from_mapping({"name": "m", "steps": [{"export": "plain"}, *trunk, mixed]})


def complaint(*steps: Any, **more: Any) -> str:
    with pytest.raises(InvalidRecipe) as refused:
        recipe(*steps, **more)
    return str(refused.value)


def test_only_the_outputs_after_a_mix_are_mixed() -> None:
    made = recipe({"export": "before"}, {"op": "flip"}, {"cutmix": {}})
    assert {name: chain.mixed for name, chain in chains(made).items()} == {
        "plain": False,
        "before": False,
        "mixed": True,
    }
    assert made.mixes
    assert made.evaluated_by == "plain"


def test_the_usual_alphas_are_those_of_the_papers_and_another_one_makes_other_outputs() -> None:
    by_paper = [recipe({word: {}}).steps[1].steps[0].alpha for word in ("mixup", "cutmix")]
    assert by_paper == [0.2, 1.0]
    digests = {chains(recipe({"mixup": given}))["mixed"].digest for given in ({}, {"alpha": 0.2}, {"alpha": 0.4})}
    assert len(digests) == 2


def test_a_mix_stands_in_a_branch_before_exports_only() -> None:
    assert "`mixup` stands in the trunk" in complaint({"mixup": {}}, trunk=[{"mixup": {}}])
    with pytest.raises(InvalidRecipe, match="only exports may come after `mixup`") as refused:
        recipe({"mixup": {}}, {"op": "flip"})
    assert refused.value.faults[0][0] == ("steps", 1, "steps", 0)
    assert "only exports may come after `cutmix`" in complaint({"cutmix": {}}, {"mixup": {}})


def test_a_mix_stands_in_no_branch_that_balances() -> None:
    assert "`cutmix` stands in a branch with `balance`" in complaint({"cutmix": {}}, balance=1.0)
    inner = {"branch": "inner", "steps": [{"cutmix": {}}, {"export": "inner"}]}
    assert "`cutmix` stands in a branch with `balance`" in complaint(inner, balance=1.0)


def test_sound_is_not_mixed() -> None:
    mapping = {"name": "m", "steps": [{"op": "mono"}, {"branch": "b", "steps": [{"mixup": {}}, {"export": "x"}]}]}
    with pytest.raises(InvalidRecipe, match="`mixup` works on images, but this recipe is one for sound"):
        Recipe.from_mapping({**mapping, "splits": {"train": 1, "val": 0, "test": 0}})


@pytest.mark.parametrize(
    ("node", "said"),
    [
        ({"mixup": {"alpah": 1}}, "unknown key; did you mean 'alpha'?"),
        ({"mixup": {"alpha": 0.009}}, "greater than or equal to 0.01"),
        ({"cutmix": 1.0}, "should be a mapping"),
        ({"one_of": [{"steps": [{"mixup": {}}]}, {"steps": []}]}, "no `mixup` can stand inside `one_of`"),
    ],
)
def test_a_wrong_mix_is_told_what_is_wrong(node: dict[str, Any], said: str) -> None:
    assert said in complaint(node)


@pytest.mark.parametrize(
    ("wanted", "said"),
    [(Wanted(single=False), "asks for boxes or several labels"), (Wanted(instances=2), "`instances: 1`")],
)
def test_what_has_no_pairs_is_refused_before_anybody_labels(wanted: Wanted, said: str) -> None:
    made = recipe({"mixup": {}})
    check_fit(made, Wanted())
    with pytest.raises(InvalidRecipe, match=said) as refused:
        check_fit(made, wanted)
    assert [place for place, _ in refused.value.faults] == [("steps", 1, "steps", 0)]
