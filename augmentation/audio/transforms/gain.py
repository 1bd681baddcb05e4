"""gain."""

from __future__ import annotations

import random

from augmentation.audio.clip import Clip
from augmentation.audio.kernels import level
from augmentation.audio.transform import ClipFilter
from augmentation.values import Values, uniform
from domain.recipe.steps.audio import Gain


def _draw(step: Gain, rng: random.Random) -> Values:
    return {"db": uniform(rng, step.db)}


def _apply(clip: Clip, values: Values) -> Clip:
    return clip._replace(samples=level.amplify(clip.samples, level.decibels(values["db"])))


TRANSFORM = ClipFilter(Gain, _draw, _apply)
