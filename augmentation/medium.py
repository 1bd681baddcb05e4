"""What differs between media around the steps: how a file is read, written, measured and shown."""

from __future__ import annotations

import importlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from augmentation.errors import BadFile
from augmentation.files import read_file
from domain.recipe import Recipe
from domain.recipe.outputs import Written
from domain.rows import Measures, Picture


@dataclass(frozen=True)
class Medium:
    """`Any` stands for a Frame, a Clip, a text or a Record.

    `endings` are those of most files' names, and decide nothing about a file that has a class, unless `by_ending`: what
    is a text cannot be told from its bytes. `max_bytes`: larger files are not opened. `read` raises BadFile, and so
    does `labeled`, which adds what a label says beside the class: boxes of an image, the review of a record. `encode`
    gives a file's bytes, `measures` fields of the manifest, `shown` fields of a sample in the report: a picture of at
    most so many pixels, with the boxes of the manifest's row. `rejected` is a picture of a file that cannot be used, or
    None.
    """

    endings: tuple[str, ...]
    max_bytes: int
    read: Callable[[bytes], Any]
    encode: Callable[[Any, Written], bytes]
    measures: Callable[[Any], Measures]
    shown: Callable[[Any, int, Measures | None], Picture]
    rejected: Callable[[bytes], str | None]
    labeled: Callable[[Any, Any], Any] | None = None
    by_ending: bool = False

    def content(self, folder: Path, source: str) -> bytes:
        """The bytes of a source.

        Raises:
            BadFile: by its name, its size or its kind it is none of this medium.
            OSError: it cannot be read.
        """
        if self.by_ending and not source.lower().endswith(self.endings):
            raise BadFile(f"its name does not end with {' or '.join(self.endings)}")
        return read_file(folder / source, self.max_bytes)


def medium_of(recipe: Recipe) -> Medium:
    """The medium of the recipe's steps. Runs over images import no sound."""
    medium: Medium = importlib.import_module(f"augmentation.{recipe.medium}.medium").medium_for(recipe)
    return medium


def libraries_of(recipe: Recipe) -> tuple[str, ...]:
    """Names of the distributions whose versions decide the bytes."""
    arrays = ("numpy", "opencv-python-headless")
    own = {
        "image": (*arrays, "pillow", "simplejpeg"),
        "audio": (*arrays, "soundfile"),
        "text": (),
        "record": (),
    }[recipe.medium]
    return tuple(sorted(("pydantic", *own)))
