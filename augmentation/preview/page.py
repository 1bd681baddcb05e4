"""One page that shows, for a few images, what every step of a recipe does, with the values that a run draws."""

from __future__ import annotations

from pathlib import Path

import cv2

from augmentation.errors import BadFile, UsageError
from augmentation.files import read_file, write_file
from augmentation.input.preparation import Options, Preparation
from augmentation.preview.trace import Trace
from domain.recipe.splits import by_hash
from domain.report.preview_page import Sample, preview_page


def preview(options: Options, output: Path, samples: int) -> int:
    """Writes the page and returns how many images it shows; images that cannot be read are passed over.

    Raises:
        UsageError: the recipe or the folder cannot be used, or holds no readable image.
    """
    ready = Preparation(options)
    recipe, medium = ready.recipe, ready.medium
    shown: list[Sample] = []
    reasons: list[str] = []
    for source in by_hash(ready.files.names):
        if len(shown) == samples:
            break
        try:
            media = medium.read(read_file(options.input / source, medium.max_bytes))
            shown.append(Trace(recipe, medium, options.seed, source).sample(media))
        except (BadFile, OSError, MemoryError, ValueError, cv2.error) as error:  # a run puts it into quarantine
            reasons.append(f"{source}: {error}")
    if not shown:
        why = "; ".join(reasons[:3]) or "The folder is empty."
        raise UsageError(f"--input {options.input}: no file could be read. {why}")
    page = preview_page(recipe.name, recipe.description, options.seed, shown, recipe.noun)
    write_file(output, page.encode("utf-8", "backslashreplace"))
    return len(shown)
