"""zoom_blur."""

from __future__ import annotations

import random

from augmentation.image.frame import Frame
from augmentation.image.kernels import blur
from augmentation.image.kernels.scale import blurred_at_most_large
from augmentation.image.transform import Filter
from augmentation.values import Values, severity_of
from domain.recipe.steps.blur import ZoomBlur

# How many factors from 1 on, and their distance, severity 1-5: ImageNet-C, Hendrycks and Dietterich 2019, `zoom_blur`.
# The first row says 1.1 as its end; numpy.arange, which makes it, reaches 1.11 by rounding.
ZOOMS = ((12, 0.01), (16, 0.01), (11, 0.02), (13, 0.02), (11, 0.03))


def _draw(step: ZoomBlur, rng: random.Random) -> Values:
    severity = severity_of(step, rng)
    count, distance = ZOOMS[severity - 1]
    return {"severity": severity, "factors": [round(1 + distance * index, 2) for index in range(count)]}


def _apply(frame: Frame, values: Values) -> Frame:
    return frame._replace(
        pixels=blurred_at_most_large(frame.pixels, lambda pixels, _: blur.zoom(pixels, values["factors"]))
    )


TRANSFORM = Filter(ZoomBlur, _draw, _apply)
