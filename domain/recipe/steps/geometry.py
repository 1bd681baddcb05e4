"""Steps that move pixels."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, ClassVar, Literal

from pydantic import Field

from domain.recipe.steps.base import ORDERED, Probability, Side, Step

Degrees = Annotated[float, Field(ge=-180, le=180)]
Factor = Annotated[float, Field(gt=0.05, le=20)]


class ResizeCrop(Step):
    """Scale until the image covers width x height pixels, then cut the middle out."""

    op: Literal["resize_crop"]
    width: Side
    height: Side
    always_draws: ClassVar[bool] = False
    example: ClassVar[Mapping[str, Any]] = {"width": 17, "height": 20}


class Rotate(Step):
    """Turn around the middle by an angle from the range; positive is counter-clockwise."""

    op: Literal["rotate"]
    degrees: Annotated[tuple[Degrees, Degrees], ORDERED]
    example: ClassVar[Mapping[str, Any]] = {"degrees": (-30, 30)}


class Flip(Step):
    """Mirror. `probability` says how often."""

    op: Literal["flip"]
    axis: Literal["horizontal", "vertical"] = "horizontal"
    probability: Probability = 0.5
    always_draws: ClassVar[bool] = False


class Zoom(Step):
    """Scale around the middle by a factor from the range; the size in pixels stays."""

    op: Literal["zoom"]
    factor: Annotated[tuple[Factor, Factor], ORDERED]
    example: ClassVar[Mapping[str, Any]] = {"factor": (0.7, 1.4)}


STEPS: tuple[type[Step], ...] = (ResizeCrop, Rotate, Flip, Zoom)
