"""colored_noise."""

from __future__ import annotations

import random

from augmentation.audio.clip import Clip
from augmentation.audio.kernels import colored, level
from augmentation.audio.transform import ClipFilter
from augmentation.values import Values, uniform
from domain.recipe.steps.audio import ColoredNoise


def _draw(step: ColoredNoise, rng: random.Random) -> Values:
    seed = rng.getrandbits(48)
    return {"color": step.color, "snr_db": uniform(rng, step.snr_db), "noise_seed": seed, "exact": step.exact}


def _apply(clip: Clip, values: Values) -> Clip:
    noise = colored.noise_like(clip.samples, values["color"], values["noise_seed"], exact=values["exact"])
    return clip._replace(samples=level.mix(clip.samples, noise, values["snr_db"]))


TRANSFORM = ClipFilter(ColoredNoise, _draw, _apply)
