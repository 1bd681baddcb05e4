"""autocontrast."""

from __future__ import annotations

from augmentation.image.frame import Frame
from augmentation.image.kernels import color
from augmentation.image.transform import Filter
from augmentation.values import Values, nothing
from domain.recipe.steps.color import Autocontrast


def _apply(frame: Frame, _: Values) -> Frame:
    return frame._replace(pixels=color.autocontrast(frame.pixels))


TRANSFORM = Filter(Autocontrast, nothing, _apply)
