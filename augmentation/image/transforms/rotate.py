"""rotate."""

from __future__ import annotations

import random

from augmentation.image.kernels import warp
from augmentation.image.transform import Warp
from augmentation.values import Values, uniform
from domain.recipe.steps.geometry import Rotate


def _draw(step: Rotate, rng: random.Random) -> Values:
    return {"degrees": uniform(rng, step.degrees)}


def _matrix(values: Values, width: int, height: int) -> warp.Matrix:
    return warp.rotation(values["degrees"], width, height)


TRANSFORM = Warp(Rotate, _draw, _matrix)
