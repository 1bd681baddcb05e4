"""What differs between images and sound around the steps: how a file is read, written, measured and shown."""

from __future__ import annotations

import importlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from domain.recipe import Recipe
from domain.recipe.outputs import Written
from domain.rows import Measures, Picture


@dataclass(frozen=True)
class Medium:
    """`Any` stands for a Frame or a Clip.

    `endings` are those of most files' names, and decide nothing about a file that has a class. `max_bytes`: larger
    files are not opened. `read` raises BadFile. `encode` gives a file's bytes, `measures` fields of the manifest,
    `shown` fields of a sample in the report: a picture of at most so many pixels, with the boxes of the manifest's row.
    `rejected` is a picture of a file that cannot be used, or None.
    """

    endings: tuple[str, ...]
    max_bytes: int
    read: Callable[[bytes], Any]
    encode: Callable[[Any, Written], bytes]
    measures: Callable[[Any], Measures]
    shown: Callable[[Any, int, Measures | None], Picture]
    rejected: Callable[[bytes], str | None]


def medium_of(recipe: Recipe) -> Medium:
    """The medium of the recipe's steps. Runs over images import no sound."""
    medium: Medium = importlib.import_module(f"augmentation.{recipe.medium}.medium").medium_for(recipe)
    return medium


def libraries_of(recipe: Recipe) -> tuple[str, ...]:
    """Names of the distributions whose versions decide the bytes."""
    own = {"image": ("pillow", "simplejpeg"), "audio": ("soundfile",)}[recipe.medium]
    return tuple(sorted(("numpy", "opencv-python-headless", "pydantic", *own)))
