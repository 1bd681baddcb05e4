"""random_crop."""

from __future__ import annotations

import random

from augmentation.image.frame import Box
from augmentation.image.kernels.cut import Region, part_of
from augmentation.image.transform import Cut, outside
from augmentation.values import Values, log_uniform, uniform
from domain.recipe.steps.geometry import USUAL_ASPECT, RandomCrop

TRIES = 10  # as torchvision


def _draw(step: RandomCrop, rng: random.Random) -> Values:
    """`left` and `top` are shares of the room that the cut part has: 0 is the left edge, 1 the right one.

    `tries`: shares of the area and aspects (width / height), of which the first that fits into the image is cut out.
    """
    values = outside(step) | {"width": step.width, "height": step.height}
    values |= {"left": uniform(rng, (0, 1)), "top": uniform(rng, (0, 1))}
    if step.scale is not None:
        aspect = step.aspect or USUAL_ASPECT
        tries = [[uniform(rng, step.scale), log_uniform(rng, aspect)] for _ in range(TRIES)]
        values |= {"tries": tries, "aspect": list(aspect)}
    return values


def _region(values: Values, box: Box) -> Region:
    width, height = values["width"], values["height"]
    if "tries" not in values:
        left = round(values["left"] * (round(box.width) - width))
        top = round(values["top"] * (round(box.height) - height))
        return Region(Box(box.left + left, box.top + top, width, height), width, height, values.get("fill"))
    place = values["left"], values["top"]
    return Region(part_of(box, values["tries"], values["aspect"], place), width, height)


TRANSFORM = Cut(RandomCrop, _draw, _region)
