"""sharpness."""

from __future__ import annotations

import random

from augmentation.image.frame import Frame
from augmentation.image.kernels import blur
from augmentation.image.transform import Filter
from augmentation.values import Values, uniform
from domain.recipe.steps.blur import Sharpness


def _draw(step: Sharpness, rng: random.Random) -> Values:
    return {"factor": uniform(rng, step.factor)}


def _apply(frame: Frame, values: Values) -> Frame:
    return frame._replace(pixels=blur.sharpen(frame.pixels, values["factor"]))


TRANSFORM = Filter(Sharpness, _draw, _apply)
