"""shot_noise."""

from __future__ import annotations

import random

from augmentation.image.frame import Frame
from augmentation.image.kernels import poisson as kernels
from augmentation.image.transform import Filter
from augmentation.values import Values, severity_of
from domain.recipe.steps.noise import ShotNoise

# Photons that make white, for severity 1-5: ImageNet-C, Hendrycks and Dietterich 2019, `shot_noise`.
SEVERITY_PHOTONS = (60, 25, 12, 5, 3)


def _draw(step: ShotNoise, rng: random.Random) -> Values:
    severity = severity_of(step, rng)
    photons = SEVERITY_PHOTONS[severity - 1]
    return {"severity": severity, "photons": photons, "noise_seed": rng.getrandbits(48), "exact": step.exact}


def _apply(frame: Frame, values: Values) -> Frame:
    kernel: kernels.Kernel = kernels.exact_shot if values["exact"] else kernels.table_shot
    return frame._replace(pixels=kernel(frame.pixels, values["photons"], values["noise_seed"]))


TRANSFORM = Filter(ShotNoise, _draw, _apply)
