"""resize."""

from __future__ import annotations

import random

from augmentation.image.frame import Box
from augmentation.image.kernels.cut import Region
from augmentation.image.transform import Cut
from augmentation.values import Values
from domain.recipe.steps.geometry import Resize


def _draw(step: Resize, _: random.Random) -> Values:
    return {"width": step.width, "height": step.height, "fit": step.fit}


def _region(values: Values, box: Box) -> Region:
    width, height = values["width"], values["height"]
    if values["fit"] == "inside":
        ratio = min(width / box.width, height / box.height)
        width, height = max(1, round(box.width * ratio)), max(1, round(box.height * ratio))
    return Region(box, width, height)


TRANSFORM = Cut(Resize, _draw, _region)
