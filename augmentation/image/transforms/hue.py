"""hue."""

from __future__ import annotations

import random

from augmentation.image.frame import Frame
from augmentation.image.kernels import color
from augmentation.image.transform import Filter
from augmentation.values import Values, uniform
from domain.recipe.steps.color import Hue


def _draw(step: Hue, rng: random.Random) -> Values:
    return {"degrees": uniform(rng, step.degrees)}


def _apply(frame: Frame, values: Values) -> Frame:
    return frame._replace(pixels=color.turn_hue(frame.pixels, values["degrees"]))


TRANSFORM = Filter(Hue, _draw, _apply)
