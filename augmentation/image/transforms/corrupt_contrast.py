"""corrupt_contrast."""

from __future__ import annotations

import random

from augmentation.image.frame import Frame
from augmentation.image.kernels import digital
from augmentation.image.transform import Filter
from augmentation.values import Values, severity_of
from domain.recipe.steps.digital import CorruptContrast

# Share of the contrast that remains, severity 1-5: ImageNet-C, Hendrycks and Dietterich 2019, `contrast`.
SHARES = (0.4, 0.3, 0.2, 0.1, 0.05)


def _draw(step: CorruptContrast, rng: random.Random) -> Values:
    severity = severity_of(step, rng)
    return {"severity": severity, "share": SHARES[severity - 1]}


def _apply(frame: Frame, values: Values) -> Frame:
    return frame._replace(pixels=digital.flatten(frame.pixels, values["share"]))


TRANSFORM = Filter(CorruptContrast, _draw, _apply)
