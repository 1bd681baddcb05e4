"""snow."""

from __future__ import annotations

import random

from augmentation.image.frame import Frame
from augmentation.image.kernels import weather
from augmentation.image.transform import Filter
from augmentation.values import Values, severity_of, uniform
from domain.recipe.steps.weather import Snow

# Severity 1-5: ImageNet-C, Hendrycks and Dietterich 2019, `snow`. Lengths in pixels at 224.
NAMES = ("mean", "deviation", "magnification", "threshold", "radius", "sigma", "kept")
FLAKES = (
    (0.1, 0.3, 3, 0.5, 10, 4, 0.8),
    (0.2, 0.3, 2, 0.5, 12, 4, 0.7),
    (0.55, 0.3, 4, 0.9, 12, 8, 0.7),
    (0.55, 0.3, 4.5, 0.85, 12, 8, 0.65),
    (0.55, 0.3, 2.5, 0.85, 12, 12, 0.55),
)
DEGREES = (-135.0, -45.0)


def _draw(step: Snow, rng: random.Random) -> Values:
    severity = severity_of(step, rng)
    flakes = dict(zip(NAMES, FLAKES[severity - 1], strict=True))
    degrees = uniform(rng, DEGREES)
    return {"severity": severity, "flakes": flakes, "degrees": degrees, "noise_seed": rng.getrandbits(48)}


def _apply(frame: Frame, values: Values) -> Frame:
    return frame._replace(pixels=weather.snow(frame.pixels, values["flakes"], values["degrees"], values["noise_seed"]))


TRANSFORM = Filter(Snow, _draw, _apply)
