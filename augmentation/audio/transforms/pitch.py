"""pitch."""

from __future__ import annotations

import random

from augmentation.audio.clip import Clip
from augmentation.audio.kernels import wsola
from augmentation.audio.transform import ClipFilter
from augmentation.values import Values, uniform
from domain.recipe.steps.audio import Pitch


def _draw(step: Pitch, rng: random.Random) -> Values:
    return {"semitones": uniform(rng, step.semitones)}


def _apply(clip: Clip, values: Values) -> Clip:
    return clip._replace(samples=wsola.shifted(clip.samples, clip.rate, values["semitones"]))


TRANSFORM = ClipFilter(Pitch, _draw, _apply)
