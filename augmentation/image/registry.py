"""Which transform carries out which step of a recipe."""

from __future__ import annotations

from augmentation.image import color, geometry, noise
from augmentation.transform import Transform
from domain.recipe.steps import Step

TRANSFORMS: tuple[Transform, ...] = (
    geometry.RESIZE_CROP,
    geometry.ROTATE,
    geometry.FLIP,
    geometry.ZOOM,
    noise.GAUSSIAN_NOISE,
    color.BRIGHTNESS_CONTRAST,
    color.GRAYSCALE,
)
BY_STEP: dict[type[Step], Transform] = {transform.step: transform for transform in TRANSFORMS}
