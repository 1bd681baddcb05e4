"""cutout."""

from __future__ import annotations

import random

from augmentation.image.frame import Frame
from augmentation.image.kernels import erase
from augmentation.image.transform import Filter
from augmentation.values import Values, uniform
from domain.recipe.steps.erasing import Cutout


def _draw(step: Cutout, rng: random.Random) -> Values:
    """`holes`: middle x, middle y, width and height of each, in shares of the image's sides."""
    holes = [
        [uniform(rng, bounds) for bounds in ((0.0, 1.0), (0.0, 1.0), step.size, step.size)] for _ in range(step.holes)
    ]
    return {"holes": holes, "fill": step.fill if isinstance(step.fill, str) else list(step.fill)}


def _apply(frame: Frame, values: Values) -> Frame:
    height, width = frame.pixels.shape[:2]
    rectangles = [(*_span(x, across, width), *_span(y, down, height)) for x, y, across, down in values["holes"]]
    color = erase.color_of(values["fill"], frame.pixels)
    covered = erase.cover_rectangles(
        frame.pixels, [(left, top, right, bottom) for left, right, top, bottom in rectangles], color
    )
    return frame._replace(pixels=covered)


def _span(middle: float, share: float, side: int) -> tuple[int, int]:
    """First pixel and the one after the last, within the image and never empty."""
    first = min(side - 1, max(0, round((middle - share / 2) * side)))
    return first, min(side, max(first + 1, round((middle + share / 2) * side)))


TRANSFORM = Filter(Cutout, _draw, _apply)
