"""corrupt_brightness."""

from __future__ import annotations

import random

from augmentation.image.frame import Frame
from augmentation.image.kernels import digital
from augmentation.image.transform import Filter
from augmentation.values import Values, severity_of
from domain.recipe.steps.digital import CorruptBrightness

# Share of white that is added, severity 1-5: ImageNet-C, Hendrycks and Dietterich 2019, `brightness`.
ADDED = (0.1, 0.2, 0.3, 0.4, 0.5)


def _draw(step: CorruptBrightness, rng: random.Random) -> Values:
    severity = severity_of(step, rng)
    return {"severity": severity, "plus": ADDED[severity - 1]}


def _apply(frame: Frame, values: Values) -> Frame:
    return frame._replace(pixels=digital.brighten(frame.pixels, values["plus"]))


TRANSFORM = Filter(CorruptBrightness, _draw, _apply)
