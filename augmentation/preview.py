"""One page that shows, for a few images, what every step of a recipe does, with the values that a run draws."""

from __future__ import annotations

from pathlib import Path

import cv2

from augmentation import custom
from augmentation.errors import BadFile, UsageError
from augmentation.inputs import find_sources
from augmentation.medium import medium_of
from augmentation.readers import read_file
from augmentation.recipe_file import load_recipe
from augmentation.trace import Trace
from augmentation.writers import write_file
from domain.recipe.splits import by_hash
from domain.report.preview_page import Sample, preview_page


def preview(
    recipe_path: Path, folder: Path, output: Path, samples: int, seed: int, *, allow_custom: bool = False
) -> int:
    """Writes the page and returns how many images it shows; images that cannot be read are passed over.

    Raises:
        UsageError: the recipe or the folder cannot be used, or holds no readable image.
    """
    recipe, _ = load_recipe(recipe_path)
    custom.admit(recipe, recipe_path, allowed=allow_custom)
    medium = medium_of(recipe)
    shown: list[Sample] = []
    reasons: list[str] = []
    for source in by_hash(find_sources(folder).names):
        if len(shown) == samples:
            break
        try:
            media = medium.read(read_file(folder / source, medium.max_bytes))
            shown.append(Trace(recipe, medium, seed, source).sample(media))
        except (BadFile, OSError, MemoryError, ValueError, cv2.error) as error:  # a run puts it into quarantine
            reasons.append(f"{source}: {error}")
    if not shown:
        raise UsageError(f"--input {folder}: no file could be read. {'; '.join(reasons[:3]) or 'The folder is empty.'}")
    page = preview_page(recipe.name, recipe.description, seed, shown, "clip" if recipe.medium == "audio" else "image")
    write_file(output, page.encode("utf-8", "backslashreplace"))
    return len(shown)
