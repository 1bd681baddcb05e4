"""rotate."""

from __future__ import annotations

import random

from augmentation.image.kernels import warp
from augmentation.image.transform import Warp, outside
from augmentation.values import Values, uniform
from domain.recipe.steps.geometry import Rotate


def _draw(step: Rotate, rng: random.Random) -> Values:
    values = outside(step) | {"degrees": uniform(rng, step.degrees)}
    return values | {"expand": True} if step.expand else values


def _size(values: Values, width: int, height: int) -> tuple[int, int]:
    return warp.rotated_size(values["degrees"], width, height) if values.get("expand") else (width, height)


def _matrix(values: Values, width: int, height: int) -> warp.Matrix:
    turn, (new_width, new_height) = warp.rotation(values["degrees"], width, height), _size(values, width, height)
    return warp.translation((new_width - width) / 2, (new_height - height) / 2) @ turn


TRANSFORM = Warp(Rotate, _draw, _matrix, _size)
