"""salt_and_pepper."""

from __future__ import annotations

import random

from augmentation.image.frame import Frame
from augmentation.image.kernels import noise
from augmentation.image.transform import Filter
from augmentation.values import Values, uniform
from domain.recipe.steps.noise import SaltAndPepper


def _draw(step: SaltAndPepper, rng: random.Random) -> Values:
    return {"amount": uniform(rng, step.amount), "salt": step.salt, "noise_seed": rng.getrandbits(48)}


def _apply(frame: Frame, values: Values) -> Frame:
    found = noise.salt_and_pepper(frame.pixels, values["amount"], values["salt"], values["noise_seed"])
    return frame._replace(pixels=found)


TRANSFORM = Filter(SaltAndPepper, _draw, _apply)
