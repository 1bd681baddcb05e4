"""center_crop."""

from __future__ import annotations

import random

from augmentation.frame import Box
from augmentation.image.kernels.cut import Region, middle
from augmentation.transform import Cut, Values
from domain.recipe.steps.geometry import CenterCrop


def _draw(step: CenterCrop, _: random.Random) -> Values:
    return {"width": step.width, "height": step.height}


def _region(values: Values, box: Box) -> Region:
    return middle(box, values["width"], values["height"])


TRANSFORM = Cut(CenterCrop, _draw, _region)
