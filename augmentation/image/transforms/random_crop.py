"""random_crop."""

from __future__ import annotations

import random
from math import sqrt

from augmentation.image.frame import Box
from augmentation.image.kernels.cut import Region
from augmentation.image.transform import Cut, outside
from augmentation.values import Values, uniform
from domain.recipe.steps.geometry import USUAL_ASPECT, RandomCrop


def _draw(step: RandomCrop, rng: random.Random) -> Values:
    """`left` and `top` are shares of the room that the cut part has: 0 is the left edge, 1 the right one."""
    values = outside(step) | {"width": step.width, "height": step.height}
    values |= {"left": uniform(rng, (0, 1)), "top": uniform(rng, (0, 1))}
    if step.scale is not None:
        values |= {"scale": uniform(rng, step.scale), "aspect": uniform(rng, step.aspect or USUAL_ASPECT)}
    return values


def _region(values: Values, box: Box) -> Region:
    width, height = values["width"], values["height"]
    if "scale" not in values:
        left = round(values["left"] * (round(box.width) - width))
        top = round(values["top"] * (round(box.height) - height))
        return Region(Box(box.left + left, box.top + top, width, height), width, height, values.get("fill"))
    area = values["scale"] * box.width * box.height
    across = min(box.width, sqrt(area * values["aspect"]))
    down = min(box.height, sqrt(area / values["aspect"]))
    left, top = values["left"] * (box.width - across), values["top"] * (box.height - down)
    return Region(Box(box.left + left, box.top + top, across, down), width, height)


TRANSFORM = Cut(RandomCrop, _draw, _region)
