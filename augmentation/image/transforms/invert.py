"""invert."""

from __future__ import annotations

from augmentation.image.kernels import tone
from augmentation.image.transform import Tone
from augmentation.values import Values, nothing
from domain.recipe.steps.color import Invert


def _curve(_: Values, curve: tone.Curve) -> tone.Curve:
    return tone.negative(curve)


TRANSFORM = Tone(Invert, nothing, _curve)
