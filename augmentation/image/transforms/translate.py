"""translate."""

from __future__ import annotations

import random

from augmentation.image.kernels import warp
from augmentation.image.transform import Warp, outside
from augmentation.values import Values, uniform
from domain.recipe.steps.geometry import Translate


def _draw(step: Translate, rng: random.Random) -> Values:
    return outside(step) | {"x": uniform(rng, step.x), "y": uniform(rng, step.y)}


def _matrix(values: Values, width: int, height: int) -> warp.Matrix:
    return warp.translation(values["x"] * width, values["y"] * height)


TRANSFORM = Warp(Translate, _draw, _matrix)
