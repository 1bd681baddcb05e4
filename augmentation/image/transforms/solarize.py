"""solarize."""

from __future__ import annotations

import random

from augmentation.image.kernels import tone
from augmentation.image.transform import Tone
from augmentation.values import Values, uniform
from domain.recipe.steps.color import Solarize


def _draw(step: Solarize, rng: random.Random) -> Values:
    return {"threshold": uniform(rng, step.threshold)}


def _curve(values: Values, curve: tone.Curve) -> tone.Curve:
    return tone.solarize(curve, values["threshold"])


TRANSFORM = Tone(Solarize, _draw, _curve)
