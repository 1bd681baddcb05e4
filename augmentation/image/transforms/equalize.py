"""equalize."""

from __future__ import annotations

import random

from augmentation.image.frame import Frame
from augmentation.image.kernels import color
from augmentation.image.transform import Filter
from augmentation.values import Values
from domain.recipe.steps.color import Equalize


def _draw(step: Equalize, _: random.Random) -> Values:
    if step.method == "histogram":
        return {"method": step.method}
    return {"method": step.method, "clip_limit": step.clip_limit, "tiles": step.tiles}


def _apply(frame: Frame, values: Values) -> Frame:
    if values["method"] == "histogram":
        return frame._replace(pixels=color.equalize(frame.pixels))
    return frame._replace(pixels=color.clahe(frame.pixels, values["clip_limit"], values["tiles"]))


TRANSFORM = Filter(Equalize, _draw, _apply)
