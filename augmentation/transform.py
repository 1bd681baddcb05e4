"""What a transform is: drawing its values is one thing, applying them another, and the manifest records what was drawn.

`draw(step, rng)` gives values that JSON can hold and that, with the pixels, decide the result entirely. Neighboring
warps are multiplied into one matrix and neighboring tone curves into one table before any pixel is touched.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Union

from augmentation.clip import Clip
from augmentation.frame import Box, Frame
from augmentation.image.kernels.cut import Region
from augmentation.image.kernels.tone import Curve
from augmentation.image.kernels.warp import Matrix
from domain.recipe.steps import Step

Values = dict[str, Any]
Draw = Callable[[Any, random.Random], Values]


@dataclass(frozen=True)
class Warp:
    """A transform whose effect is a map of coordinates: `matrix(values, width, height)`."""

    step: type[Step]
    draw: Draw
    matrix: Callable[[Values, int, int], Matrix]


@dataclass(frozen=True)
class Tone:
    """A transform whose effect is a map of single values: `curve(values, curve so far)`."""

    step: type[Step]
    draw: Draw
    curve: Callable[[Values, Curve], Curve]


@dataclass(frozen=True)
class Cut:
    """A transform that scales a rectangle of the image to another size: `region(values, the photo's box)`."""

    step: type[Step]
    draw: Draw
    region: Callable[[Values, Box], Region]


@dataclass(frozen=True)
class Filter:
    """Any other transform of images: `apply(frame, values)`."""

    step: type[Step]
    draw: Draw
    apply: Callable[[Frame, Values], Frame]


@dataclass(frozen=True)
class ClipFilter:
    """A transform of sound: `apply(clip, values)`."""

    step: type[Step]
    draw: Draw
    apply: Callable[[Clip, Values], Clip]


Transform = Union[Warp, Tone, Cut, Filter, ClipFilter]  # noqa: UP007 - an alias at run time, on Python 3.10 too


def uniform(rng: random.Random, bounds: tuple[float, float]) -> float:
    """A value of the range with six decimals: what the manifest shows is exactly what was applied."""
    return round(rng.uniform(*bounds), 6)


def nothing(_: Step, __: random.Random) -> Values:
    """The draw of a transform that has no values."""
    return {}
