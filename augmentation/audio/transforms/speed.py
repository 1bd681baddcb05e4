"""speed."""

from __future__ import annotations

import random

from augmentation.audio.clip import Clip
from augmentation.audio.kernels import spectrum
from augmentation.audio.transform import ClipFilter
from augmentation.values import Values, log_uniform
from domain.recipe.steps.audio import Speed


def _draw(step: Speed, rng: random.Random) -> Values:
    return {"factor": log_uniform(rng, step.factor)}


def _apply(clip: Clip, values: Values) -> Clip:
    return clip._replace(samples=spectrum.resampled(clip.samples, 1 / values["factor"]))


TRANSFORM = ClipFilter(Speed, _draw, _apply)
