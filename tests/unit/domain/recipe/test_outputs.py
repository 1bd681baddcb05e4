"""Which outputs a recipe makes of one source."""

from __future__ import annotations

from typing import Any

from domain.recipe import Recipe, chains
from domain.recipe.outputs import outputs_of


def always(_: str, __: int, ___: float) -> bool:
    return True


def never(_: str, __: int, ___: float) -> bool:
    return False


def recipe(**branch: Any) -> Recipe:
    return Recipe.from_mapping(
        {
            "name": "any",
            "steps": [
                {"export": "plain"},
                {
                    "branch": "outer",
                    "variants": 2,
                    **branch,
                    "steps": [
                        {"op": "flip"},
                        {"export": "flipped"},
                        {"branch": "inner", "variants": 3, "steps": [{"op": "grayscale"}, {"export": "gray"}]},
                    ],
                },
                {"op": "gaussian_noise"},
                {"export": "noisy"},
            ],
        }
    )


def made(some: Recipe, **more: Any) -> dict[str, list[int]]:
    found: dict[str, list[int]] = {}
    for output in outputs_of(chains(some), more.get("keep", always), more.get("extra")):
        found.setdefault(output.chain.export.export, []).append(output.variant)
    return found


def test_variants_of_a_branch_in_a_branch_are_counted_on() -> None:
    assert made(recipe()) == {"plain": [0], "flipped": [0, 1], "gray": [0, 1, 2, 3, 4, 5], "noisy": [0]}


def test_extra_variants_continue_the_numbers_of_the_trunk_branch_alone() -> None:
    found = made(recipe(), extra={"outer": 2})
    assert found["flipped"] == [0, 1, 2, 3]
    assert found["gray"] == list(range(12))
    assert found["plain"] == found["noisy"] == [0]


def test_a_branch_with_a_probability_makes_only_what_is_kept_but_all_that_balances() -> None:
    found = made(recipe(probability=0.5), keep=never, extra={"outer": 1})
    assert found == {"plain": [0], "flipped": [2], "gray": [6, 7, 8], "noisy": [0]}


def test_only_what_comes_before_any_draw_is_deterministic() -> None:
    assert {name: chain.deterministic for name, chain in chains(recipe()).items()} == {
        "plain": True,
        "flipped": False,
        "gray": False,
        "noisy": False,
    }


def test_a_chain_changes_with_its_own_steps_and_output_and_not_with_others() -> None:
    before = chains(recipe())
    mapping = recipe().model_dump(mode="json", exclude_none=True)
    mapping["steps"][2]["severity"] = 3
    after = chains(Recipe.from_mapping(mapping))
    same = {name for name in before if before[name].digest == after[name].digest}
    assert same == {"plain", "flipped", "gray"}
    mapping["output"] = {"quality": 80}
    assert chains(Recipe.from_mapping(mapping))["plain"].digest != before["plain"].digest
