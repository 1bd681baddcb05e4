"""enhance_contrast."""

from __future__ import annotations

import random

from augmentation.image.kernels import tone
from augmentation.image.transform import Tone
from augmentation.values import Values, uniform
from domain.recipe.steps.color import EnhanceContrast


def _draw(step: EnhanceContrast, rng: random.Random) -> Values:
    return {"gain": uniform(rng, step.gain), "cutoff": uniform(rng, step.cutoff)}


def _curve(values: Values, curve: tone.Curve) -> tone.Curve:
    return tone.sigmoid(curve, values["gain"], values["cutoff"])


TRANSFORM = Tone(EnhanceContrast, _draw, _curve)
