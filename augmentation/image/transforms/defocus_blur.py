"""defocus_blur."""

from __future__ import annotations

import random

from augmentation.image.frame import Frame
from augmentation.image.kernels import blur
from augmentation.image.kernels.scale import blurred_at_most_large
from augmentation.image.transform import Filter
from augmentation.values import Values, severity_of
from domain.recipe.steps.blur import DefocusBlur

# Radius of the disk and blur of its edge in pixels at 224, severity 1-5:
# ImageNet-C, Hendrycks and Dietterich 2019, `defocus_blur`.
DISKS = ((3, 0.1), (4, 0.5), (6, 0.5), (8, 0.5), (10, 0.5))


def _draw(step: DefocusBlur, rng: random.Random) -> Values:
    severity = severity_of(step, rng)
    radius, smoothing = DISKS[severity - 1]
    return {"severity": severity, "radius": radius, "smoothing": smoothing}


def _apply(frame: Frame, values: Values) -> Frame:
    return frame._replace(
        pixels=blurred_at_most_large(
            frame.pixels, lambda pixels, size: blur.defocus(pixels, values["radius"], values["smoothing"], size)
        )
    )


TRANSFORM = Filter(DefocusBlur, _draw, _apply)
