"""Steps that blur or sharpen.

An image of more than 896 x 896 pixels is blurred at that size and enlarged again, which bounds the time.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, ClassVar, Literal

from pydantic import Field

from domain.recipe.steps.base import ORDERED, Corruption, Step

Factor = Annotated[float, Field(ge=0, le=20)]


class GaussianBlur(Corruption):
    """Gaussian blur: sigma 1, 2, 3, 4, 6 pixels at 224."""

    op: Literal["gaussian_blur"]
    always_draws: ClassVar[bool] = False


class DefocusBlur(Corruption):
    """Out of focus: each point becomes a disk of radius 3, 4, 6, 8, 10 pixels at 224."""

    op: Literal["defocus_blur"]
    always_draws: ClassVar[bool] = False


class GlassBlur(Corruption):
    """Seen through frosted glass: each point comes from one close by, between two slight Gaussian blurs."""

    op: Literal["glass_blur"]


class MotionBlur(Corruption):
    """Moved while the shutter was open, in a direction within 45 degrees of horizontal."""

    op: Literal["motion_blur"]


class ZoomBlur(Corruption):
    """Moved toward the scene while the shutter was open: the mean of zooms from 1 to 1.11, 1.15, 1.2, 1.24, 1.3."""

    op: Literal["zoom_blur"]
    always_draws: ClassVar[bool] = False


class Sharpness(Step):
    """Move each value away from the mean around it by `factor`: 0 is smooth, 1 as it was, 2 sharp. The edge stays."""

    op: Literal["sharpness"]
    factor: Annotated[tuple[Factor, Factor], ORDERED]
    example: ClassVar[Mapping[str, Any]] = {"factor": (0, 3)}


STEPS: tuple[type[Step], ...] = (GaussianBlur, DefocusBlur, GlassBlur, MotionBlur, ZoomBlur, Sharpness)
