"""posterize."""

from __future__ import annotations

import random

from augmentation.image.kernels import tone
from augmentation.image.transform import Tone
from augmentation.values import Values
from domain.recipe.steps.color import Posterize


def _draw(step: Posterize, rng: random.Random) -> Values:
    return {"bits": rng.randint(*step.bits)}


def _curve(values: Values, curve: tone.Curve) -> tone.Curve:
    return tone.posterize(curve, values["bits"])


TRANSFORM = Tone(Posterize, _draw, _curve)
