"""background_noise."""

from __future__ import annotations

import random

from augmentation.audio import backgrounds
from augmentation.audio.clip import Clip
from augmentation.audio.kernels import level
from augmentation.audio.transform import ClipFilter
from augmentation.values import Values, uniform
from domain.recipe.steps.audio import BackgroundNoise


def _draw(step: BackgroundNoise, rng: random.Random) -> Values:
    backgrounds.use(step)
    names = tuple(step.clips)
    chosen = rng.random()
    return {
        "folder": step.folder,
        "clip": names[int(chosen * len(names))] if names else "",
        "snr_db": uniform(rng, step.snr_db),
        "start": round(rng.random(), 6),
    }


def _apply(clip: Clip, values: Values) -> Clip:
    noise = backgrounds.part_of(values["folder"], values["clip"], values["start"], clip)
    return clip._replace(samples=level.mix(clip.samples, noise, values["snr_db"]))


TRANSFORM = ClipFilter(BackgroundNoise, _draw, _apply)
