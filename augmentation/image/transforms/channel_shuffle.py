"""channel_shuffle."""

from __future__ import annotations

import random

from augmentation.image.frame import Frame
from augmentation.image.kernels import color
from augmentation.image.transform import Filter
from augmentation.values import Values
from domain.recipe.steps.color import ChannelShuffle

ORDERS = ("rgb", "rbg", "grb", "gbr", "brg", "bgr")


def _draw(_: ChannelShuffle, rng: random.Random) -> Values:
    return {"order": rng.choice(ORDERS)}


def _apply(frame: Frame, values: Values) -> Frame:
    return frame._replace(pixels=color.reorder(frame.pixels, values["order"]))


TRANSFORM = Filter(ChannelShuffle, _draw, _apply)
