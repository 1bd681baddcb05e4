"""grayscale."""

from __future__ import annotations

from augmentation.image.frame import Frame
from augmentation.image.kernels import tone
from augmentation.image.transform import Filter
from augmentation.values import Values, nothing
from domain.recipe.steps.color import Grayscale


def _apply(frame: Frame, _: Values) -> Frame:
    return frame._replace(pixels=tone.gray(frame.pixels))


TRANSFORM = Filter(Grayscale, nothing, _apply)
