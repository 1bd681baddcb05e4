"""shear."""

from __future__ import annotations

import random

from augmentation.image.kernels import warp
from augmentation.image.transform import Warp, outside
from augmentation.values import Values, uniform
from domain.recipe.steps.geometry import Shear


def _draw(step: Shear, rng: random.Random) -> Values:
    return outside(step) | {"degrees": uniform(rng, step.degrees), "axis": step.axis}


def _matrix(values: Values, width: int, height: int) -> warp.Matrix:
    return warp.shearing(values["degrees"], values["axis"], width, height)


TRANSFORM = Warp(Shear, _draw, _matrix)
