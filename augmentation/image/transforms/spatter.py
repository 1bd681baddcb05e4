"""spatter."""

from __future__ import annotations

import random

from augmentation.image.frame import Frame
from augmentation.image.kernels import weather
from augmentation.image.transform import Filter
from augmentation.values import Values, severity_of
from domain.recipe.steps.weather import Spatter

# Severity 1-5: ImageNet-C, Hendrycks and Dietterich 2019, `spatter`. Lengths in pixels at 224;
# the last is the opacity of water, the softness of mud.
NAMES = ("mean", "deviation", "smoothing", "threshold")
DROPS = (
    (0.65, 0.3, 4, 0.69, 0.6),
    (0.65, 0.3, 3, 0.68, 0.6),
    (0.65, 0.3, 2, 0.68, 0.5),
    (0.65, 0.3, 1, 0.65, 1.5),
    (0.67, 0.4, 1, 0.65, 1.5),
)
MUD_FROM = 4


def _draw(step: Spatter, rng: random.Random) -> Values:
    severity = severity_of(step, rng)
    *layer, last = DROPS[severity - 1]
    mud = severity >= MUD_FROM
    return {
        "severity": severity,
        "liquid": "mud" if mud else "water",
        "drops": dict(zip(NAMES, layer, strict=True)),
        "softness" if mud else "opacity": last,
        "noise_seed": rng.getrandbits(48),
    }


def _apply(frame: Frame, values: Values) -> Frame:
    if values["liquid"] == "mud":
        pixels = weather.mud(frame.pixels, values["drops"], values["softness"], values["noise_seed"])
    else:
        pixels = weather.water(frame.pixels, values["drops"], values["opacity"], values["noise_seed"])
    return frame._replace(pixels=pixels)


TRANSFORM = Filter(Spatter, _draw, _apply)
