"""The recipe is read before anybody labels: a bad one must not fail after days of work."""

from __future__ import annotations

from collections.abc import Sequence

from domain.errors import InvalidInput, InvalidRecipe
from domain.recipe import Recipe
from domain.recipe.complaints import suggestion
from domain.recipe.steps.audio import BackgroundNoise
from domain.recipe.steps.custom import customs_of
from domain.recipe.walk import steps_of
from domain.recipe.yaml_reader import read_recipe
from domain.workflow.ports import ObjectStore

MAX_CHARACTERS = 256 * 1024


def check_recipe(key: str, store: ObjectStore) -> Recipe:
    """The recipe at `key` of the data bucket.

    Raises:
        InvalidInput: there is no such object.
        InvalidRecipe: it is not YAML, or not a recipe, or calls functions of its own; the message says where.
    """
    where = f"s3://{store.bucket}/{key}"
    try:
        text = store.find(key)
    except UnicodeDecodeError as error:
        raise InvalidRecipe(f"{where}: not UTF-8 text") from error
    if text is None:
        raise InvalidInput(f"recipe: there is no {where}; upload the recipe first")
    if len(text) > MAX_CHARACTERS:
        raise InvalidRecipe(f"{where}: {len(text):,} characters; a recipe has at most {MAX_CHARACTERS:,}")
    recipe = read_recipe(text, where)
    own = sorted({step.custom for step in customs_of(recipe.steps)})
    if own:
        raise InvalidRecipe(
            f"{where}: the recipe runs code of its own ({', '.join(own)}), and the Processing job carries none; "
            "leave these steps out, or run the engine on your own machine with --allow-custom"
        )
    noise = sorted({step.folder for _, step in steps_of(recipe.steps) if isinstance(step, BackgroundNoise)})
    if noise:
        raise InvalidRecipe(
            f"{where}: background_noise reads the folder {', '.join(noise)}, and the Processing job carries none; "
            "use colored_noise, or run the engine on your own machine"
        )
    return recipe


def check_classes(recipe: Recipe, labels: Sequence[str]) -> None:
    """Refuses a recipe that says something of a class which this task cannot give.

    Raises:
        InvalidRecipe: with the label that was probably meant.
    """
    for named in recipe.classes_named:
        for label in named.split(" + "):  # several labels of one object make one class
            if label not in labels:
                said = f"the recipe names the class {label!r}, which is no label of the task"
                raise InvalidRecipe(said + suggestion(label, tuple(labels)))
