"""flip."""

from __future__ import annotations

import random

from augmentation.image.kernels import warp
from augmentation.image.transform import Warp
from augmentation.values import Values
from domain.recipe.steps.geometry import Flip


def _draw(step: Flip, _: random.Random) -> Values:
    return {"axis": step.axis}


def _matrix(values: Values, width: int, height: int) -> warp.Matrix:
    return warp.mirroring(values["axis"], width, height)


TRANSFORM = Warp(Flip, _draw, _matrix)
