"""Steps that move pixels."""

from __future__ import annotations

import operator
from collections.abc import Mapping
from typing import Annotated, Any, ClassVar, Literal

from pydantic import Field, model_validator

from domain.recipe.steps.base import ORDERED, Filled, Probability, Share, Side, Step

Degrees = Annotated[float, Field(ge=-180, le=180)]
Factor = Annotated[float, Field(gt=0.05, le=20)]
Slant = Annotated[float, Field(ge=-60, le=60)]
# Up to a quarter the four corners make a convex shape, and no horizon crosses the image.
Indent = Annotated[float, Field(ge=0, le=0.25)]
AreaShare = Annotated[float, Field(ge=0.01, le=1)]
Aspect = Annotated[float, Field(ge=0.1, le=10)]
# Of Inception's training crops (Szegedy et al. 2015), as in torchvision's RandomResizedCrop.
USUAL_ASPECT = (0.75, 4 / 3)


class ResizeCrop(Step):
    """Scale until the image covers width x height pixels, then cut the middle out."""

    op: Literal["resize_crop"]
    width: Side
    height: Side
    always_draws: ClassVar[bool] = False
    example: ClassVar[Mapping[str, Any]] = {"width": 17, "height": 20}


class Rotate(Filled):
    """Turn around the middle by an angle from the range; positive is counter-clockwise.

    With `expand`, the image grows until all of it is seen; otherwise its size stays, and corners are lost.
    """

    op: Literal["rotate"]
    degrees: Annotated[tuple[Degrees, Degrees], ORDERED]
    expand: bool = Field(False, exclude_if=operator.not_)
    example: ClassVar[Mapping[str, Any]] = {"degrees": (-30, 30)}


class Flip(Step):
    """Mirror. `probability` says how often."""

    op: Literal["flip"]
    axis: Literal["horizontal", "vertical"] = "horizontal"
    probability: Probability = 0.5
    always_draws: ClassVar[bool] = False


class Zoom(Filled):
    """Scale around the middle by a factor from the range (its logarithm is uniform); the size in pixels stays."""

    op: Literal["zoom"]
    factor: Annotated[tuple[Factor, Factor], ORDERED]
    example: ClassVar[Mapping[str, Any]] = {"factor": (0.7, 1.4)}


class Resize(Step):
    """Scale the whole image: `stretch` makes it width x height, `inside` keeps its proportions within them."""

    op: Literal["resize"]
    width: Side
    height: Side
    fit: Literal["stretch", "inside"] = "stretch"
    always_draws: ClassVar[bool] = False
    example: ClassVar[Mapping[str, Any]] = {"width": 23, "height": 12}


class CenterCrop(Filled):
    """Cut width x height pixels out of the middle; around a smaller image stands `fill`."""

    op: Literal["center_crop"]
    width: Side
    height: Side
    always_draws: ClassVar[bool] = False
    example: ClassVar[Mapping[str, Any]] = {"width": 24, "height": 24}


class RandomCrop(Filled):
    """Cut width x height pixels out of a random place; around a smaller image stands `fill`.

    With `scale`, a part with this share of the area and this `aspect` (width / height; its logarithm is uniform) is
    scaled to width x height. Ten draws are tried; where none fits, the largest middle part within `aspect` is taken.
    """

    op: Literal["random_crop"]
    width: Side
    height: Side
    scale: Annotated[tuple[AreaShare, AreaShare], ORDERED] | None = None
    aspect: Annotated[tuple[Aspect, Aspect], ORDERED] | None = None
    example: ClassVar[Mapping[str, Any]] = {"width": 20, "height": 16, "scale": (0.3, 1)}

    @model_validator(mode="after")
    def _aspect_needs_scale(self) -> RandomCrop:
        if self.aspect is not None and self.scale is None:
            raise ValueError("`aspect` needs `scale`, the share of the area to cut out, for example scale: [0.3, 1]")
        return self


class Pad(Filled):
    """Put a border around the image until it has at least width x height pixels; a larger side stays as it is."""

    op: Literal["pad"]
    width: Side
    height: Side
    always_draws: ClassVar[bool] = False
    example: ClassVar[Mapping[str, Any]] = {"width": 50, "height": 41, "fill": (255, 128, 0)}


class Shear(Filled):
    """Slant by an angle from the range: lines that stood upright (horizontal) or lay level (vertical) lean by it."""

    op: Literal["shear"]
    degrees: Annotated[tuple[Slant, Slant], ORDERED]
    axis: Literal["horizontal", "vertical"] = "horizontal"
    example: ClassVar[Mapping[str, Any]] = {"degrees": (-20, 20)}


class Translate(Filled):
    """Move right by a share `x` of the width and down by a share `y` of the height; `fill` moves in."""

    op: Literal["translate"]
    x: Annotated[tuple[Share, Share], ORDERED]
    y: Annotated[tuple[Share, Share], ORDERED]
    example: ClassVar[Mapping[str, Any]] = {"x": (-0.2, 0.2), "y": (-0.2, 0.2)}


class Perspective(Filled):
    """Look from another side: each corner moves inward, across and down, by shares of the sides from the range."""

    op: Literal["perspective"]
    indent: Annotated[tuple[Indent, Indent], ORDERED]
    example: ClassVar[Mapping[str, Any]] = {"indent": (0, 0.2)}


STEPS: tuple[type[Step], ...] = (
    ResizeCrop,
    Resize,
    CenterCrop,
    RandomCrop,
    Pad,
    Rotate,
    Flip,
    Zoom,
    Shear,
    Translate,
    Perspective,
)
