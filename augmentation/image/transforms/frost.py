"""frost."""

from __future__ import annotations

import random

from augmentation.image.frame import Frame
from augmentation.image.kernels import weather
from augmentation.image.transform import Filter
from augmentation.values import Values, severity_of
from domain.recipe.steps.weather import Frost

# Weights of image and ice, severity 1-5: ImageNet-C, Hendrycks and Dietterich 2019, `frost`.
WEIGHTS = ((1, 0.4), (0.8, 0.6), (0.7, 0.7), (0.65, 0.7), (0.6, 0.75))


def _draw(step: Frost, rng: random.Random) -> Values:
    severity = severity_of(step, rng)
    image, ice = WEIGHTS[severity - 1]
    return {"severity": severity, "image_weight": image, "ice_weight": ice, "noise_seed": rng.getrandbits(48)}


def _apply(frame: Frame, values: Values) -> Frame:
    weights = values["image_weight"], values["ice_weight"]
    return frame._replace(pixels=weather.frost(frame.pixels, *weights, values["noise_seed"]))


TRANSFORM = Filter(Frost, _draw, _apply)
