"""time_stretch."""

from __future__ import annotations

import random

from augmentation.audio.kernels import wsola
from augmentation.clip import Clip
from augmentation.transform import ClipFilter, Values, uniform
from domain.recipe.steps.audio import TimeStretch


def _draw(step: TimeStretch, rng: random.Random) -> Values:
    return {"factor": uniform(rng, step.factor)}


def _apply(clip: Clip, values: Values) -> Clip:
    return clip._replace(samples=wsola.stretched(clip.samples, clip.rate, values["factor"]))


TRANSFORM = ClipFilter(TimeStretch, _draw, _apply)
