"""What a transform is: drawing its values is one thing, applying them another, and the manifest records what was drawn.

`draw(step, rng)` gives values that JSON can hold and that, with the pixels, decide the result entirely. Neighboring
warps are multiplied into one matrix and neighboring tone curves into one table before any pixel is touched.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from augmentation.image.frame import Box, Frame
from augmentation.image.kernels.cut import Region
from augmentation.image.kernels.tone import Curve
from augmentation.image.kernels.warp import Matrix
from augmentation.values import Draw, Values
from domain.recipe.steps import Step
from domain.recipe.steps.base import Filled


def outside(step: Filled) -> Values:
    """The value `fill` of a step that may show what is outside of the image; none where the recipe names none."""
    if step.fill is None:
        return {}
    return {"fill": step.fill if isinstance(step.fill, str) else list(step.fill)}


@dataclass(frozen=True)
class Warp:
    """A transform whose effect is a map of coordinates: `matrix(values, width, height)`.

    `size` gives width and height afterwards, where they may change. A value `fill` says what comes from outside; steps
    of the same one are applied together.
    """

    step: type[Step]
    draw: Draw
    matrix: Callable[[Values, int, int], Matrix]
    size: Callable[[Values, int, int], tuple[int, int]] | None = None


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
