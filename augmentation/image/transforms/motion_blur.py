"""motion_blur."""

from __future__ import annotations

import random

from augmentation.image.frame import Frame
from augmentation.image.kernels import blur
from augmentation.image.kernels.scale import blurred_at_most_large
from augmentation.image.transform import Filter
from augmentation.values import Values, severity_of, uniform
from domain.recipe.steps.blur import MotionBlur

# Radius and sigma of the streak in pixels at 224, severity 1-5, and its directions:
# ImageNet-C, Hendrycks and Dietterich 2019, `motion_blur`.
STREAKS = ((10, 3), (15, 5), (15, 8), (15, 12), (20, 15))
DEGREES = (-45.0, 45.0)


def _draw(step: MotionBlur, rng: random.Random) -> Values:
    severity = severity_of(step, rng)
    radius, sigma = STREAKS[severity - 1]
    return {"severity": severity, "radius": radius, "sigma": sigma, "degrees": uniform(rng, DEGREES)}


def _apply(frame: Frame, values: Values) -> Frame:
    radius, sigma, degrees = (values[name] for name in ("radius", "sigma", "degrees"))
    return frame._replace(
        pixels=blurred_at_most_large(
            frame.pixels, lambda pixels, size: blur.motion(pixels, radius, sigma, degrees, size)
        )
    )


TRANSFORM = Filter(MotionBlur, _draw, _apply)
