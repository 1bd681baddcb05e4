"""gaussian_noise."""

from __future__ import annotations

import random

from augmentation.image.frame import Frame
from augmentation.image.kernels import noise
from augmentation.image.transform import Filter
from augmentation.values import Values, severity_of
from domain.recipe.steps.noise import GaussianNoise

# Standard deviations for severity 1-5 as shares of white: ImageNet-C, Hendrycks and Dietterich 2019, `gaussian_noise`.
SEVERITY_SIGMAS = (0.08, 0.12, 0.18, 0.26, 0.38)


def _draw(step: GaussianNoise, rng: random.Random) -> Values:
    severity = severity_of(step, rng)
    sigma = round(255 * SEVERITY_SIGMAS[severity - 1], 2)
    return {"severity": severity, "sigma": sigma, "noise_seed": rng.getrandbits(48), "exact": step.exact}


def _apply(frame: Frame, values: Values) -> Frame:
    kernel = noise.exact_noise if values["exact"] else noise.table_noise
    return frame._replace(pixels=kernel(frame.pixels, values["sigma"], values["noise_seed"]))


TRANSFORM = Filter(GaussianNoise, _draw, _apply)
