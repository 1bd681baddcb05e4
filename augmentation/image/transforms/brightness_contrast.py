"""brightness_contrast."""

from __future__ import annotations

import random

from augmentation.image.kernels import tone
from augmentation.image.transform import Tone
from augmentation.values import Values, uniform
from domain.recipe.steps.color import BrightnessContrast


def _draw(step: BrightnessContrast, rng: random.Random) -> Values:
    return {"brightness": uniform(rng, step.brightness), "contrast": uniform(rng, step.contrast)}


def _curve(values: Values, curve: tone.Curve) -> tone.Curve:
    return tone.brighten_and_stretch(curve, values["brightness"], values["contrast"])


TRANSFORM = Tone(BrightnessContrast, _draw, _curve)
