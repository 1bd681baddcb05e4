"""fog."""

from __future__ import annotations

import random

from augmentation.image.frame import Frame
from augmentation.image.kernels import weather
from augmentation.image.transform import Filter
from augmentation.values import Values, severity_of
from domain.recipe.steps.weather import Fog

# Density as a share of white, and decay of the plasma, severity 1-5: ImageNet-C, Hendrycks and Dietterich 2019, `fog`.
FOGS = ((1.5, 2), (2, 2), (2.5, 1.7), (2.5, 1.5), (3, 1.4))


def _draw(step: Fog, rng: random.Random) -> Values:
    severity = severity_of(step, rng)
    density, decay = FOGS[severity - 1]
    return {"severity": severity, "density": density, "decay": decay, "noise_seed": rng.getrandbits(48)}


def _apply(frame: Frame, values: Values) -> Frame:
    return frame._replace(pixels=weather.fog(frame.pixels, values["density"], values["decay"], values["noise_seed"]))


TRANSFORM = Filter(Fog, _draw, _apply)
