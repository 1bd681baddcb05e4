"""contrast."""

from __future__ import annotations

import random

from augmentation.image.kernels import tone
from augmentation.image.transform import Tone
from augmentation.values import Values, uniform
from domain.recipe.steps.color import Contrast


def _draw(step: Contrast, rng: random.Random) -> Values:
    return {"factor": uniform(rng, step.factor)}


def _curve(values: Values, curve: tone.Curve) -> tone.Curve:
    return tone.brighten_and_stretch(curve, 0.0, values["factor"] - 1)


TRANSFORM = Tone(Contrast, _draw, _curve)
