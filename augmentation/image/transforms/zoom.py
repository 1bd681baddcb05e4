"""zoom."""

from __future__ import annotations

import random

from augmentation.image.kernels import warp
from augmentation.image.transform import Warp, outside
from augmentation.values import Values, log_uniform
from domain.recipe.steps.geometry import Zoom


def _draw(step: Zoom, rng: random.Random) -> Values:
    return outside(step) | {"factor": log_uniform(rng, step.factor)}


def _matrix(values: Values, width: int, height: int) -> warp.Matrix:
    return warp.scaling(values["factor"], width, height)


TRANSFORM = Warp(Zoom, _draw, _matrix)
