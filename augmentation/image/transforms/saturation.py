"""saturation."""

from __future__ import annotations

import random

from augmentation.image.frame import Frame
from augmentation.image.kernels import color
from augmentation.image.transform import Filter
from augmentation.values import Values, uniform
from domain.recipe.steps.color import Saturation


def _draw(step: Saturation, rng: random.Random) -> Values:
    return {"factor": uniform(rng, step.factor)}


def _apply(frame: Frame, values: Values) -> Frame:
    return frame._replace(pixels=color.saturate(frame.pixels, values["factor"]))


TRANSFORM = Filter(Saturation, _draw, _apply)
