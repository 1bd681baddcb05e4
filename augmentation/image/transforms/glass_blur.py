"""glass_blur."""

from __future__ import annotations

import random

from augmentation.image.frame import Frame
from augmentation.image.kernels import blur
from augmentation.image.kernels.scale import blurred_at_most_large
from augmentation.image.transform import Filter
from augmentation.values import Values, severity_of
from domain.recipe.steps.blur import GlassBlur

# Sigma and reach in pixels at 224, and rounds, severity 1-5: ImageNet-C, Hendrycks and Dietterich 2019, `glass_blur`.
GLASSES = ((0.7, 1, 2), (0.9, 2, 1), (1, 2, 3), (1.1, 3, 2), (1.5, 4, 2))


def _draw(step: GlassBlur, rng: random.Random) -> Values:
    severity = severity_of(step, rng)
    sigma, reach, rounds = GLASSES[severity - 1]
    return {
        "severity": severity,
        "sigma": sigma,
        "reach": reach,
        "rounds": rounds,
        "noise_seed": rng.getrandbits(48),
    }


def _apply(frame: Frame, values: Values) -> Frame:
    sigma, reach, rounds, seed = (values[name] for name in ("sigma", "reach", "rounds", "noise_seed"))
    return frame._replace(
        pixels=blurred_at_most_large(
            frame.pixels, lambda pixels, size: blur.glass(pixels, sigma, reach, rounds, seed, size)
        )
    )


TRANSFORM = Filter(GlassBlur, _draw, _apply)
