"""Whether the Processing job can carry a recipe out, and whether it fits the task: found before anybody labels."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from domain.errors import InvalidRecipe
from domain.recipe.complaints import suggestion
from domain.recipe.graph import NAMES, Recipe
from domain.recipe.steps.audio import BackgroundNoise
from domain.recipe.steps.custom import Custom
from domain.recipe.walk import Place, mixes_of, steps_of
from domain.recipe.yaml_reader import placed, read_recipe


@dataclass(frozen=True)
class Wanted:
    """What a recipe has to fit: the task's medium and labels, where there is a task, and what the run brings along.

    `single`: an object has one class, no boxes and not several labels. `instances`: machines that make a version.
    """

    medium: str | None = None
    labels: Sequence[str] | None = None
    code: bool = False
    backgrounds: bool = False
    single: bool = True
    instances: int = 1


def read_fitting_recipe(text: str, name: str, wanted: Wanted) -> Recipe:
    """The recipe in `text`, of a file called `name`, once it is known to fit.

    Raises:
        InvalidRecipe: it is no recipe or does not fit; a line for each fault, with its place.
    """
    recipe = read_recipe(text, name)
    try:
        check_fit(recipe, wanted)
    except InvalidRecipe as error:
        raise placed(error, text, name) from error
    return recipe


def check_fit(recipe: Recipe, wanted: Wanted) -> None:
    """Refuses what would fail after people have labeled.

    Raises:
        InvalidRecipe: with every fault and its place.
    """
    faults = [
        *_left_at_home(recipe, wanted),
        *_of_another_medium(recipe, wanted.medium),
        *_unknown_classes(recipe, wanted.labels),
        *_without_pairs(recipe, wanted),
    ]
    if faults:
        raise InvalidRecipe(f"recipe {recipe.name!r}: " + " | ".join(sentence for _, sentence in faults), faults)


def _left_at_home(recipe: Recipe, wanted: Wanted) -> Iterator[tuple[Place, str]]:
    for place, step in steps_of(recipe.steps):
        if isinstance(step, Custom) and not wanted.code:
            yield (
                place,
                f"{step.custom} is code of your own, and the run brings none; give it as `code` in the input, which "
                "the setting processing.custom_code must allow, or run the engine on your own machine with "
                "--allow-custom",
            )
        elif isinstance(step, BackgroundNoise) and not wanted.backgrounds:
            yield (
                place,
                f"background_noise reads the folder {step.folder}, and the run brings no clips; give the prefix above "
                "that folder as `backgrounds` in the input, or use colored_noise",
            )


def _of_another_medium(recipe: Recipe, medium: str | None) -> Iterator[tuple[Place, str]]:
    if medium is not None and medium != recipe.medium:
        place = ("media",) if recipe.media else next((place for place, _ in steps_of(recipe.steps)), ("steps",))
        yield place, f"this is a recipe for {NAMES[recipe.medium]}, but the task asks about {NAMES[medium]}"


def _without_pairs(recipe: Recipe, wanted: Wanted) -> Iterator[tuple[Place, str]]:
    for place, mix in mixes_of(recipe.steps):
        if not wanted.single:
            yield (
                place,
                f"`{mix.name}` makes one image of two that have one class each, but the task asks for boxes or several "
                "labels; take it out of the recipe",
            )
        elif wanted.instances > 1:
            yield (
                place,
                f"`{mix.name}` needs all images on one machine, and each of {wanted.instances} would have a part of "
                "them; say `instances: 1`",
            )


def _unknown_classes(recipe: Recipe, labels: Sequence[str] | None) -> Iterator[tuple[Place, str]]:
    if labels is None:
        return
    for part, whole in recipe.new_names.items():
        if part not in labels:
            said = f"the recipe makes {part!r} a part of {whole!r}, but it is no label of the task"
            yield recipe.place_of_class(whole), said + suggestion(part, tuple(labels))
    known = tuple(dict.fromkeys(recipe.new_names.get(label, label) for label in labels))
    for named in recipe.classes_named:
        for label in named.split(" + "):  # several labels of one object make one class
            if label not in known:
                said = f"the recipe names the class {label!r}, which is no label of the task"
                yield recipe.place_of_class(named), said + suggestion(label, known)
