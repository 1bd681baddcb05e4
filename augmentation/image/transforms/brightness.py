"""brightness."""

from __future__ import annotations

import random

from augmentation.image.kernels import tone
from augmentation.image.transform import Tone
from augmentation.values import Values, uniform
from domain.recipe.steps.color import Brightness


def _draw(step: Brightness, rng: random.Random) -> Values:
    return {"amount": uniform(rng, step.amount)}


def _curve(values: Values, curve: tone.Curve) -> tone.Curve:
    return tone.brighten_and_stretch(curve, values["amount"], 0.0)


TRANSFORM = Tone(Brightness, _draw, _curve)
