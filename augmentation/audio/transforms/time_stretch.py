"""time_stretch."""

from __future__ import annotations

import random

from augmentation.audio.clip import Clip
from augmentation.audio.kernels import wsola
from augmentation.audio.transform import ClipFilter
from augmentation.values import Values, log_uniform
from domain.recipe.steps.audio import TimeStretch


def _draw(step: TimeStretch, rng: random.Random) -> Values:
    return {"factor": log_uniform(rng, step.factor)}


def _apply(clip: Clip, values: Values) -> Clip:
    return clip._replace(samples=wsola.stretched(clip.samples, clip.rate, values["factor"]))


TRANSFORM = ClipFilter(TimeStretch, _draw, _apply)
