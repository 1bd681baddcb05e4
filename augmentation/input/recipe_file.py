"""A recipe and what belongs to it, from its file."""

from __future__ import annotations

from pathlib import Path

from augmentation.errors import UsageError
from augmentation.files import read_text
from domain.errors import InvalidRecipe
from domain.recipe import Recipe
from domain.recipe.yaml_reader import read_recipe


def load_recipe(path: Path, backgrounds: Path | None = None) -> tuple[Recipe, str]:
    """The recipe, with its background noise at hand, and its text. `backgrounds` holds the folders of the noise.

    Raises:
        UsageError: the file is missing, no YAML, or no recipe; one line for each fault, with its place.
    """
    text = read_text(path, "recipe")
    try:
        recipe = read_recipe(text, str(path))
    except InvalidRecipe as error:
        raise UsageError(str(error)) from error
    if recipe.medium == "audio":
        from augmentation.audio.backgrounds import prepared  # images need no sound

        recipe = prepared(recipe, path, backgrounds)
    return recipe, text
