"""Steps that change colors, each pixel by itself."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, ClassVar, Literal

from domain.recipe.steps.base import ORDERED, Share, Step


class BrightnessContrast(Step):
    """Add `brightness` (share of white) and stretch by 1 + `contrast` around middle gray."""

    op: Literal["brightness_contrast"]
    brightness: Annotated[tuple[Share, Share], ORDERED] = (0.0, 0.0)
    contrast: Annotated[tuple[Share, Share], ORDERED] = (0.0, 0.0)
    example: ClassVar[Mapping[str, Any]] = {"brightness": (-0.2, 0.2), "contrast": (-0.3, 0.3)}


class Grayscale(Step):
    """Luma of BT.601, in all three channels."""

    op: Literal["grayscale"]
    always_draws: ClassVar[bool] = False


STEPS: tuple[type[Step], ...] = (BrightnessContrast, Grayscale)
