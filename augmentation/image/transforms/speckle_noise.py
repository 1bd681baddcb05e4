"""speckle_noise."""

from __future__ import annotations

import random

from augmentation.image.frame import Frame
from augmentation.image.kernels import noise
from augmentation.image.transform import Filter
from augmentation.values import Values, severity_of
from domain.recipe.steps.noise import SpeckleNoise

# Standard deviations for severity 1-5 as shares of the value: ImageNet-C, Hendrycks, Dietterich 2019, `speckle_noise`.
SEVERITY_SIGMAS = (0.15, 0.2, 0.35, 0.45, 0.6)


def _draw(step: SpeckleNoise, rng: random.Random) -> Values:
    severity = severity_of(step, rng)
    sigma = SEVERITY_SIGMAS[severity - 1]
    return {"severity": severity, "sigma": sigma, "noise_seed": rng.getrandbits(48), "exact": step.exact}


def _apply(frame: Frame, values: Values) -> Frame:
    kernel = noise.exact_speckle if values["exact"] else noise.table_speckle
    return frame._replace(pixels=kernel(frame.pixels, values["sigma"], values["noise_seed"]))


TRANSFORM = Filter(SpeckleNoise, _draw, _apply)
