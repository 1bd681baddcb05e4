"""pad."""

from __future__ import annotations

import random

from augmentation.image.frame import Box
from augmentation.image.kernels.cut import Region, middle
from augmentation.image.transform import Cut, outside
from augmentation.values import Values
from domain.recipe.steps.geometry import Pad


def _draw(step: Pad, _: random.Random) -> Values:
    return {"width": step.width, "height": step.height} | outside(step)


def _region(values: Values, box: Box) -> Region:
    width, height = max(values["width"], round(box.width)), max(values["height"], round(box.height))
    return middle(box, width, height, values.get("fill"))


TRANSFORM = Cut(Pad, _draw, _region)
