"""elastic_transform."""

from __future__ import annotations

import random

from augmentation.image import boxes
from augmentation.image.frame import Frame
from augmentation.image.kernels import elastic
from augmentation.image.kernels.border import usual
from augmentation.image.transform import Filter, outside
from augmentation.values import Values, severity_of, uniform
from domain.recipe.steps.digital import ElasticTransform

# Strength, sigma and movement of three points in pixels at 224, severity 1-5:
# ImageNet-C, Hendrycks and Dietterich 2019, `elastic_transform`.
# There they are multiples of 244, a slip that the authors have kept, as do we.
SHIFTS = (
    (244 * 2, 244 * 0.7, 244 * 0.1),
    (244 * 2, 244 * 0.08, 244 * 0.2),
    (244 * 0.05, 244 * 0.01, 244 * 0.02),
    (244 * 0.07, 244 * 0.01, 244 * 0.02),
    (244 * 0.12, 244 * 0.01, 244 * 0.02),
)


def _draw(step: ElasticTransform, rng: random.Random) -> Values:
    severity = severity_of(step, rng)
    strength, sigma, movement = SHIFTS[severity - 1]
    corners = [uniform(rng, (-movement, movement)) for _ in range(6)]
    return outside(step) | {
        "severity": severity,
        "strength": strength,
        "sigma": sigma,
        "corners": corners if step.affine else [],
        "noise_seed": rng.getrandbits(48),
    }


def _apply(frame: Frame, values: Values) -> Frame:
    strength, sigma, corners = (values[name] for name in ("strength", "sigma", "corners"))
    pixels = elastic.elastic(
        frame.pixels, strength, sigma, corners, values["noise_seed"], values.get("fill") or usual(frame)
    )
    labeled = frame.boxes
    if labeled and corners:  # the local shifts are a few pixels and move no box
        height, width = pixels.shape[:2]
        labeled = boxes.warped(labeled, elastic.affine(corners, frame.pixels), width, height)
    return frame._replace(pixels=pixels, boxes=labeled)


TRANSFORM = Filter(ElasticTransform, _draw, _apply)
