"""resize_crop."""

from __future__ import annotations

import random

from augmentation.frame import Frame
from augmentation.image.kernels import resize
from augmentation.transform import Filter, Values
from domain.recipe.steps.geometry import ResizeCrop


def _draw(step: ResizeCrop, _: random.Random) -> Values:
    return {"width": step.width, "height": step.height}


def _apply(frame: Frame, values: Values) -> Frame:
    width, height = values["width"], values["height"]
    return Frame.whole(resize.sample(frame.pixels, resize.cover(frame.box, width, height), width, height))


TRANSFORM = Filter(ResizeCrop, _draw, _apply)
