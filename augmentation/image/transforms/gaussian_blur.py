"""gaussian_blur."""

from __future__ import annotations

import random

from augmentation.image.frame import Frame
from augmentation.image.kernels import blur
from augmentation.image.kernels.scale import blurred_at_most_large
from augmentation.image.transform import Filter
from augmentation.values import Values, severity_of
from domain.recipe.steps.blur import GaussianBlur

# Sigma in pixels at 224, severity 1-5: ImageNet-C, Hendrycks and Dietterich 2019, `gaussian_blur`.
SIGMAS = (1, 2, 3, 4, 6)


def _draw(step: GaussianBlur, rng: random.Random) -> Values:
    severity = severity_of(step, rng)
    return {"severity": severity, "sigma": SIGMAS[severity - 1]}


def _apply(frame: Frame, values: Values) -> Frame:
    return frame._replace(
        pixels=blurred_at_most_large(frame.pixels, lambda pixels, size: blur.gaussian(pixels, values["sigma"], size))
    )


TRANSFORM = Filter(GaussianBlur, _draw, _apply)
