"""impulse_noise."""

from __future__ import annotations

import random

from augmentation.image.frame import Frame
from augmentation.image.kernels import noise
from augmentation.image.transform import Filter
from augmentation.values import Values, severity_of
from domain.recipe.steps.noise import ImpulseNoise

# Shares of the values that are hit, for severity 1-5: ImageNet-C, Hendrycks and Dietterich 2019, `impulse_noise`.
SEVERITY_AMOUNTS = (0.03, 0.06, 0.09, 0.17, 0.27)


def _draw(step: ImpulseNoise, rng: random.Random) -> Values:
    severity = severity_of(step, rng)
    amount = SEVERITY_AMOUNTS[severity - 1]
    return {"severity": severity, "amount": amount, "noise_seed": rng.getrandbits(48)}


def _apply(frame: Frame, values: Values) -> Frame:
    return frame._replace(pixels=noise.impulses(frame.pixels, values["amount"], values["noise_seed"]))


TRANSFORM = Filter(ImpulseNoise, _draw, _apply)
