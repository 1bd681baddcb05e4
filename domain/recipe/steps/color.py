"""Steps that change colors, each pixel by itself."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, ClassVar, Literal

from pydantic import Field

from domain.recipe.steps.base import ORDERED, Share, Step

Gammas = Annotated[float, Field(ge=0.05, le=20)]
Gain = Annotated[float, Field(ge=0.1, le=50)]
White = Annotated[float, Field(ge=0, le=1)]  # share of white
Degrees = Annotated[float, Field(ge=-180, le=180)]
Factor = Annotated[float, Field(ge=0, le=20)]
Bits = Annotated[int, Field(ge=1, le=8)]


class BrightnessContrast(Step):
    """Add `brightness` (share of white) and stretch by 1 + `contrast` around middle gray."""

    op: Literal["brightness_contrast"]
    brightness: Annotated[tuple[Share, Share], ORDERED] = (0.0, 0.0)
    contrast: Annotated[tuple[Share, Share], ORDERED] = (0.0, 0.0)
    example: ClassVar[Mapping[str, Any]] = {"brightness": (-0.2, 0.2), "contrast": (-0.3, 0.3)}


class Brightness(Step):
    """Add `amount`, a share of white, to every value: 0.2 lightens, -0.2 darkens."""

    op: Literal["brightness"]
    amount: Annotated[tuple[Share, Share], ORDERED]
    example: ClassVar[Mapping[str, Any]] = {"amount": (-0.2, 0.2)}


class Contrast(Step):
    """Stretch the values around middle gray by `factor`: 0 is gray all over, 1 as it was, 2 twice as far apart."""

    op: Literal["contrast"]
    factor: Annotated[tuple[Factor, Factor], ORDERED]
    example: ClassVar[Mapping[str, Any]] = {"factor": (0.7, 1.4)}


class Exposure(Step):
    """Multiply each value by `factor`, as a longer exposure does: 0 is black, 1 as it was, 2 twice as light."""

    op: Literal["exposure"]
    factor: Annotated[tuple[Factor, Factor], ORDERED]
    example: ClassVar[Mapping[str, Any]] = {"factor": (0.5, 1.5)}


class Autocontrast(Step):
    """Stretch each of red, green and blue to the whole range; a channel of one value stays."""

    op: Literal["autocontrast"]
    always_draws: ClassVar[bool] = False


class Grayscale(Step):
    """Luma of BT.601, in all three channels."""

    op: Literal["grayscale"]
    always_draws: ClassVar[bool] = False


class Gamma(Step):
    """Raise each value, as a share of white, to the power `gamma`: below 1 lightens, above 1 darkens the shadows.

    Its logarithm is uniform: as many outputs are lightened as darkened with [0.5, 2].
    """

    op: Literal["gamma"]
    gamma: Annotated[tuple[Gammas, Gammas], ORDERED]
    example: ClassVar[Mapping[str, Any]] = {"gamma": (0.6, 1.6)}


class EnhanceContrast(Step):
    """Steepen the middle by an S-curve that keeps black and white: for Data Wrangler's "enhance contrast".

    A logistic curve of this `gain` (1 changes next to nothing, 10 is strong), steepest at `cutoff`, a share of white.
    """

    op: Literal["enhance_contrast"]
    gain: Annotated[tuple[Gain, Gain], ORDERED] = (4.0, 8.0)
    cutoff: Annotated[tuple[White, White], ORDERED] = (0.5, 0.5)


class Equalize(Step):
    """Use the whole range of lightness; the colors keep their tint.

    `clahe` levels each of `tiles` x `tiles` parts by itself, `clip_limit` times the mean at most in any bin of its
    histogram (Zuiderveld 1994); `histogram` levels the image as one.
    """

    op: Literal["equalize"]
    method: Literal["clahe", "histogram"] = "clahe"
    clip_limit: Annotated[float, Field(ge=1, le=100)] = 2.0
    tiles: Annotated[int, Field(ge=1, le=64)] = 8
    always_draws: ClassVar[bool] = False


class Hue(Step):
    """Turn the color circle: 120 degrees make red green, green blue and blue red."""

    op: Literal["hue"]
    degrees: Annotated[tuple[Degrees, Degrees], ORDERED]
    example: ClassVar[Mapping[str, Any]] = {"degrees": (-40, 40)}


class Saturation(Step):
    """Move the colors away from gray of the same luma by a factor: 0 is gray, 1 as it was, 2 twice as colorful."""

    op: Literal["saturation"]
    factor: Annotated[tuple[Factor, Factor], ORDERED]
    example: ClassVar[Mapping[str, Any]] = {"factor": (0.3, 2)}


class ChannelShuffle(Step):
    """Red, green and blue in one of their six orders, the usual one included."""

    op: Literal["channel_shuffle"]


class Invert(Step):
    """The negative: white minus each value."""

    op: Literal["invert"]
    always_draws: ClassVar[bool] = False


class Posterize(Step):
    """Keep so many of each value's eight bits, the highest ones."""

    op: Literal["posterize"]
    bits: Annotated[tuple[Bits, Bits], ORDERED]
    example: ClassVar[Mapping[str, Any]] = {"bits": (2, 5)}


class Solarize(Step):
    """Invert the values from `threshold` (share of white) on."""

    op: Literal["solarize"]
    threshold: Annotated[tuple[White, White], ORDERED]
    example: ClassVar[Mapping[str, Any]] = {"threshold": (0.3, 0.7)}


STEPS: tuple[type[Step], ...] = (
    BrightnessContrast,
    Brightness,
    Contrast,
    Exposure,
    Autocontrast,
    Grayscale,
    Gamma,
    EnhanceContrast,
    Equalize,
    Hue,
    Saturation,
    ChannelShuffle,
    Invert,
    Posterize,
    Solarize,
)
