"""exposure."""

from __future__ import annotations

import random

from augmentation.image.kernels import tone
from augmentation.image.transform import Tone
from augmentation.values import Values, uniform
from domain.recipe.steps.color import Exposure


def _draw(step: Exposure, rng: random.Random) -> Values:
    return {"factor": uniform(rng, step.factor)}


def _curve(values: Values, curve: tone.Curve) -> tone.Curve:
    return tone.expose(curve, values["factor"])


TRANSFORM = Tone(Exposure, _draw, _curve)
