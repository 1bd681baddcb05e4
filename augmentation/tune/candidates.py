"""The recipes that are tried: none, the shipped ones, policies at a few strengths, mixes, and the user's own."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from augmentation.errors import UsageError
from augmentation.input.recipe_file import load_recipe
from domain.errors import InvalidRecipe
from domain.recipe import Recipe
from domain.recipe.steps.custom import Custom
from domain.recipe.walk import steps_of
from domain.recipe.yaml_reader import read_recipe, with_values

SHIPPED = Path(__file__).resolve().parents[2] / "recipes"
SIDE, VARIANTS = 224, 4
NONE, REPEATED = "none", "repeated"
"""What is balanced gains in balanced accuracy by that alone: `repeated` shows how much."""
RAND_AUGMENT = (5, 9, 15)
"""Magnitudes, of 30: what Cubuk et al. found best for small networks and sets (5, 9) and for larger ones (15)."""
_MIRROR = {"op": "flip", "axis": "horizontal", "probability": 0.5}
_BUILT_IN: tuple[tuple[str, str, Sequence[dict[str, Any]]], ...] = (
    ("mirrored", "a mirror half of the time", (_MIRROR,)),
    *(
        (f"rand-augment-{strength}", f"RandAugment, two operations at {strength} of 30",
         (_MIRROR, {"rand_augment": {"operations": 2, "magnitude": strength}}))
        for strength in RAND_AUGMENT
    ),
    (REPEATED, "images of smaller classes repeated as they are", ()),
    ("mixup", "MixUp with alpha 0.2", (_MIRROR, {"mixup": {"alpha": 0.2}})),
    ("cutmix", "CutMix with alpha 1", (_MIRROR, {"cutmix": {"alpha": 1.0}})),
)  # fmt: skip


@dataclass(frozen=True)
class Candidate:
    """A recipe as its file has it, and read with all sources in the training split."""

    name: str
    text: str
    recipe: Recipe

    @property
    def description(self) -> str:
        return self.recipe.description


def candidates(own: Path | None, folder: Path = SHIPPED) -> tuple[list[Candidate], dict[str, str]]:
    """`none` first, then the user's own, `repeated`, and the others by name, for time may be up.

    Beside them, why a recipe of `folder` is not tried.

    Raises:
        UsageError: the user's own recipe cannot be tried.
    """
    found = [_written(NONE, "cropped, not augmented", ())]
    left_out: dict[str, str] = {}
    if own is not None:
        recipe, text = load_recipe(own)
        problem = _problem(recipe)
        if problem:
            raise UsageError(f"{own}: {problem}")
        name = recipe.name if recipe.name != NONE else "yours"
        found.append(Candidate(name, text, _training_only(recipe)))
    others = [*(_written(*one) for one in _BUILT_IN), *_shipped(folder, left_out)]
    taken = {one.name for one in found}
    left = sorted((one for one in others if one.name not in taken), key=lambda one: (one.name != REPEATED, one.name))
    if own is not None:
        found[0] = _with_sets_of(recipe, found[0])
        left = [new for one in left for new in _as_far_as_it_can(recipe, one, left_out)]
    return [*found, *left], left_out


def _as_far_as_it_can(own: Recipe, candidate: Candidate, left_out: dict[str, str]) -> list[Candidate]:
    try:
        return [_with_sets_of(own, candidate)]
    except InvalidRecipe as error:
        left_out[candidate.name] = str(error)
        return []


def _with_sets_of(own: Recipe, candidate: Candidate) -> Candidate:
    """With the splits, the groups and the merged classes of the user's own recipe: what is recommended is run so.

    Raises:
        InvalidRecipe: the candidate says something of a class that is a part of another one there.
    """
    values: dict[str, Any] = {}
    if "splits" in own.model_fields_set:
        values["splits"] = own.splits.model_dump(mode="json", by_alias=True, exclude_unset=True)
    merged = {label: list(rule) for label, rule in own.classes.items() if isinstance(rule, tuple)}
    if merged:
        usual = candidate.recipe.model_dump(mode="json", by_alias=True, exclude_unset=True).get("classes", {})
        values["classes"] = {**usual, **merged}
    text = with_values(candidate.text, values)
    read_recipe(text, candidate.name)
    return replace(candidate, text=text)


def _shipped(folder: Path, left_out: dict[str, str]) -> Iterator[Candidate]:
    for path in sorted(folder.glob("*.yaml")):
        text = path.read_text("utf-8")
        try:
            recipe = read_recipe(text, path.name)
        except InvalidRecipe as error:
            left_out[path.name] = str(error)
            continue
        if recipe.medium != "image":
            continue
        problem = _problem(recipe)
        if problem:
            left_out[path.name] = problem
        else:
            yield Candidate(recipe.name, text, _training_only(recipe))


def _problem(recipe: Recipe) -> str:
    """Why the recipe cannot be tried."""
    if recipe.medium != "image":
        return "tune judges recipes for images"
    if any(isinstance(step, Custom) for _, step in steps_of(recipe.steps)):
        return "it has custom steps, which tune does not run"
    if recipe.evaluated_by is None:
        return "it has no export before its first random step, so that nothing says what a test image looks like"
    return ""


def _training_only(recipe: Recipe) -> Recipe:
    """Near-duplicates and groups are kept together by tune itself."""
    splits = recipe.splits.model_copy(update={"train": 1.0, "val": 0.0, "test": 0.0, "group": None})
    return recipe.model_copy(update={"splits": splits})


def _written(name: str, description: str, steps: Sequence[dict[str, Any]]) -> Candidate:
    """As a person would write it."""
    lines = [
        f"name: {name}",
        f"description: {SIDE} px, {description}.",
        "splits: {train: 0.7, val: 0.15, test: 0.15}",
        "steps:",
        f"  - {{op: resize_crop, width: {SIDE}, height: {SIDE}}}",
        "  - export: plain",
    ]
    if name == REPEATED:
        lines += ["  - branch: varied", "    balance: 1.0", "    steps:", "      - export: varied"]
    if steps:
        lines += ["  - branch: varied", f"    variants: {VARIANTS}", "    steps:"]
        lines += [f"      - {_flow(step)}" for step in steps] + ["      - export: varied"]
    text = "\n".join(lines) + "\n"
    return Candidate(name, text, _training_only(read_recipe(text, f"{name}.yaml")))


def _flow(step: dict[str, Any]) -> str:
    """A step in YAML's flow style, without quotation marks where none are needed."""
    return json.dumps(step).replace('"', "")
