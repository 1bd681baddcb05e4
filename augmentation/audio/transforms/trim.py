"""trim."""

from __future__ import annotations

import random

from augmentation.audio.clip import Clip
from augmentation.audio.kernels import cut
from augmentation.audio.transform import ClipFilter
from augmentation.values import Values
from domain.recipe.steps.audio import Trim


def _draw(step: Trim, _: random.Random) -> Values:
    return {"threshold_db": step.threshold_db, "margin": step.margin}


def _apply(clip: Clip, values: Values) -> Clip:
    samples = cut.trimmed(clip.samples, clip.rate, values["threshold_db"], values["margin"])
    return clip._replace(samples=samples)


TRANSFORM = ClipFilter(Trim, _draw, _apply)
