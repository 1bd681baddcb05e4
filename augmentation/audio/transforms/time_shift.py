"""time_shift."""

from __future__ import annotations

import random

from augmentation.audio.clip import Clip
from augmentation.audio.kernels import cut
from augmentation.audio.transform import ClipFilter
from augmentation.values import Values, uniform
from domain.recipe.steps.audio import TimeShift


def _draw(step: TimeShift, rng: random.Random) -> Values:
    return {"share": uniform(rng, step.share), "rollover": step.rollover}


def _apply(clip: Clip, values: Values) -> Clip:
    frames = round(values["share"] * len(clip.samples))
    return clip._replace(samples=cut.moved(clip.samples, frames, rollover=values["rollover"]))


TRANSFORM = ClipFilter(TimeShift, _draw, _apply)
