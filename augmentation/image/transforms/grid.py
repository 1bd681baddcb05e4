"""grid."""

from __future__ import annotations

import random

from augmentation.image.frame import Frame
from augmentation.image.kernels import erase
from augmentation.image.transform import Filter
from augmentation.values import Values, uniform
from domain.recipe.steps.erasing import Grid


def _draw(step: Grid, rng: random.Random) -> Values:
    """`x` and `y`: how far the grid is shifted, in periods."""
    values: Values = {"period": uniform(rng, step.period), "x": uniform(rng, (0, 1)), "y": uniform(rng, (0, 1))}
    return {**values, "share": step.share, "fill": step.fill if isinstance(step.fill, str) else list(step.fill)}


def _apply(frame: Frame, values: Values) -> Frame:
    period = max(2, round(values["period"] * min(frame.pixels.shape[:2])))
    side = min(period - 1, max(1, round(values["share"] * period)))
    shift = int(values["x"] * period), int(values["y"] * period)
    color = erase.color_of(values["fill"], frame.pixels)
    return frame._replace(pixels=erase.cover_grid(frame.pixels, period, side, shift, color))


TRANSFORM = Filter(Grid, _draw, _apply)
