"""fit_length."""

from __future__ import annotations

import random

from augmentation.audio.clip import Clip
from augmentation.audio.kernels import cut
from augmentation.audio.transform import ClipFilter
from augmentation.values import Values
from domain.recipe.steps.audio import FitLength


def _draw(step: FitLength, _: random.Random) -> Values:
    return {"seconds": step.seconds}


def _apply(clip: Clip, values: Values) -> Clip:
    frames = max(1, round(values["seconds"] * clip.rate))
    return clip._replace(samples=cut.fitted(clip.samples, frames))


TRANSFORM = ClipFilter(FitLength, _draw, _apply)
