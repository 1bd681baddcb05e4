"""The ways through a recipe, as each class has them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from domain.errors import InvalidRecipe
from domain.plan.identity import derive_seed
from domain.recipe import Chain, Output, Recipe, chains
from domain.recipe.complaints import suggestion
from domain.recipe.outputs import outputs_of


@dataclass(frozen=True)
class ClassWay:
    """The recipe with a class's own numbers, and its chains."""

    recipe: Recipe
    chains: dict[str, Chain]


def training_outputs(all_chains: dict[str, Chain], seed: int, source: str, extra: dict[str, int]) -> list[Output]:
    """What a training source yields: `extra` adds variants to a branch, by the branch's name."""

    def keep(branch: str, variant: int, probability: float) -> bool:
        return derive_seed(seed, source, "keep", branch, variant) / 2**64 < probability

    return outputs_of(all_chains, keep, extra)


def ways_of(recipe: Recipe, classes: Mapping[str, str]) -> dict[str, ClassWay]:
    """By class.

    Raises:
        InvalidRecipe: the recipe names a class that no label has.
    """
    labels = tuple(sorted(set(classes.values())))
    for named in recipe.classes_named:
        if labels and named not in labels:
            message = f"no {recipe.noun} has the class {named!r}, which the recipe names{suggestion(named, labels)}"
            raise InvalidRecipe(message, [(recipe.place_of_class(named), message)])
    usual = ClassWay(recipe, chains(recipe))
    own = {label: recipe.for_class(label) for label in labels if label in recipe.classes}
    return {label: ClassWay(own[label], chains(own[label])) if label in own else usual for label in labels}
