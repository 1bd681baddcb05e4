"""resample."""

from __future__ import annotations

import random

from augmentation.audio.clip import Clip
from augmentation.audio.kernels import spectrum
from augmentation.audio.transform import ClipFilter
from augmentation.values import Values
from domain.recipe.steps.audio import Resample


def _draw(step: Resample, _: random.Random) -> Values:
    return {"rate": step.rate}


def _apply(clip: Clip, values: Values) -> Clip:
    return Clip(spectrum.resampled(clip.samples, values["rate"] / clip.rate), values["rate"])


TRANSFORM = ClipFilter(Resample, _draw, _apply)
