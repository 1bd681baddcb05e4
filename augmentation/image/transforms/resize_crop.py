"""resize_crop."""

from __future__ import annotations

import random

from augmentation.image.frame import Box
from augmentation.image.kernels import resize
from augmentation.image.kernels.cut import Region
from augmentation.image.transform import Cut
from augmentation.values import Values
from domain.recipe.steps.geometry import ResizeCrop


def _draw(step: ResizeCrop, _: random.Random) -> Values:
    return {"width": step.width, "height": step.height}


def _region(values: Values, box: Box) -> Region:
    width, height = values["width"], values["height"]
    return Region(resize.cover(box, width, height), width, height)


TRANSFORM = Cut(ResizeCrop, _draw, _region)
