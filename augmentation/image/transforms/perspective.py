"""perspective."""

from __future__ import annotations

import random

from augmentation.image.kernels import warp
from augmentation.image.transform import Warp, outside
from augmentation.values import Values, uniform
from domain.recipe.steps.geometry import Perspective


def _draw(step: Perspective, rng: random.Random) -> Values:
    """`corners`: how far top left, top right, bottom right and bottom left move inward, across and down."""
    return outside(step) | {"corners": [[uniform(rng, step.indent), uniform(rng, step.indent)] for _ in range(4)]}


def _matrix(values: Values, width: int, height: int) -> warp.Matrix:
    return warp.tilting(values["corners"], width, height)


TRANSFORM = Warp(Perspective, _draw, _matrix)
