"""saturate."""

from __future__ import annotations

import random

from augmentation.image.frame import Frame
from augmentation.image.kernels import digital
from augmentation.image.transform import Filter
from augmentation.values import Values, severity_of
from domain.recipe.steps.digital import Saturate

# Factor and addend of the saturation, severity 1-5: ImageNet-C, Hendrycks and Dietterich 2019, `saturate`.
CHANGES = ((0.3, 0), (0.1, 0), (2, 0), (5, 0.1), (20, 0.2))


def _draw(step: Saturate, rng: random.Random) -> Values:
    severity = severity_of(step, rng)
    factor, plus = CHANGES[severity - 1]
    return {"severity": severity, "factor": factor, "plus": plus}


def _apply(frame: Frame, values: Values) -> Frame:
    return frame._replace(pixels=digital.saturate(frame.pixels, values["factor"], values["plus"]))


TRANSFORM = Filter(Saturate, _draw, _apply)
