"""center_crop."""

from __future__ import annotations

import random

from augmentation.image.frame import Box
from augmentation.image.kernels.cut import Region, middle
from augmentation.image.transform import Cut, outside
from augmentation.values import Values
from domain.recipe.steps.geometry import CenterCrop


def _draw(step: CenterCrop, _: random.Random) -> Values:
    return outside(step) | {"width": step.width, "height": step.height}


def _region(values: Values, box: Box) -> Region:
    return middle(box, values["width"], values["height"], values.get("fill"))


TRANSFORM = Cut(CenterCrop, _draw, _region)
