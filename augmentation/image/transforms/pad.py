"""pad."""

from __future__ import annotations

import random

from augmentation.image.frame import Box
from augmentation.image.kernels.cut import Region, middle
from augmentation.image.transform import Cut
from augmentation.values import Values
from domain.recipe.steps.geometry import Pad


def _draw(step: Pad, _: random.Random) -> Values:
    fill = step.fill if isinstance(step.fill, str) else list(step.fill)
    return {"width": step.width, "height": step.height, "fill": fill}


def _region(values: Values, box: Box) -> Region:
    width, height = max(values["width"], round(box.width)), max(values["height"], round(box.height))
    return middle(box, width, height, values["fill"])


TRANSFORM = Cut(Pad, _draw, _region)
