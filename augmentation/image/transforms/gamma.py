"""gamma."""

from __future__ import annotations

import random

from augmentation.image.kernels import tone
from augmentation.image.transform import Tone
from augmentation.values import Values, log_uniform
from domain.recipe.steps.color import Gamma


def _draw(step: Gamma, rng: random.Random) -> Values:
    return {"gamma": log_uniform(rng, step.gamma)}


def _curve(values: Values, curve: tone.Curve) -> tone.Curve:
    return tone.gamma(curve, values["gamma"])


TRANSFORM = Tone(Gamma, _draw, _curve)
