"""jpeg_compression."""

from __future__ import annotations

import random

from augmentation.image.frame import Frame
from augmentation.image.kernels import digital
from augmentation.image.transform import Filter
from augmentation.values import Values, severity_of
from domain.recipe.steps.digital import JpegCompression

# Quality, severity 1-5: ImageNet-C, Hendrycks and Dietterich 2019, `jpeg_compression`.
QUALITIES = (25, 18, 15, 10, 7)


def _draw(step: JpegCompression, rng: random.Random) -> Values:
    severity = severity_of(step, rng)
    return {"severity": severity, "quality": QUALITIES[severity - 1]}


def _apply(frame: Frame, values: Values) -> Frame:
    return frame._replace(pixels=digital.jpeg(frame.pixels, values["quality"]))


TRANSFORM = Filter(JpegCompression, _draw, _apply)
