"""band_pass."""

from __future__ import annotations

import random

from augmentation.audio.clip import Clip
from augmentation.audio.kernels import spectrum
from augmentation.audio.transform import ClipFilter
from augmentation.values import Values, uniform
from domain.recipe.steps.audio import BandPass


def _draw(step: BandPass, rng: random.Random) -> Values:
    return {"low": uniform(rng, step.low), "high": uniform(rng, step.high)}


def _apply(clip: Clip, values: Values) -> Clip:
    return clip._replace(samples=spectrum.band_passed(clip.samples, clip.rate, values["low"], values["high"]))


TRANSFORM = ClipFilter(BandPass, _draw, _apply)
