"""pixelate."""

from __future__ import annotations

import random

from augmentation.image.frame import Frame
from augmentation.image.kernels import digital
from augmentation.image.transform import Filter
from augmentation.values import Values, severity_of
from domain.recipe.steps.digital import Pixelate

# Share of rows and columns that remain, severity 1-5: ImageNet-C, Hendrycks and Dietterich 2019, `pixelate`.
SHARES = (0.6, 0.5, 0.4, 0.3, 0.25)


def _draw(step: Pixelate, rng: random.Random) -> Values:
    severity = severity_of(step, rng)
    return {"severity": severity, "share": SHARES[severity - 1]}


def _apply(frame: Frame, values: Values) -> Frame:
    return frame._replace(pixels=digital.pixelate(frame.pixels, values["share"]))


TRANSFORM = Filter(Pixelate, _draw, _apply)
