"""Steps that look like faulty or lossy digital processing."""

from __future__ import annotations

from typing import ClassVar, Literal

from domain.recipe.steps.base import Corruption, Filled, Step


class ElasticTransform(Corruption, Filled):
    """Stretch and squeeze locally, as if the image were printed on rubber.

    First three points of the whole image move by up to 24, 49, 5, 5, 5 pixels (at 224), as in ImageNet-C, and bounding
    boxes along with them; `affine: false` leaves that out, and then severity 1 is hardly visible. The local shifts move
    no box: most are of single pixels, to and fro (4 pixels, rarely 12, at severity 2), about as exact as boxes are.
    """

    op: Literal["elastic_transform"]
    affine: bool = True


class Pixelate(Corruption):
    """Blocks of one color, 1 / .6 .5 .4 .3 .25 pixels wide up to 224 x 224 pixels; beyond, they grow with the image."""

    op: Literal["pixelate"]
    always_draws: ClassVar[bool] = False


class JpegCompression(Corruption):
    """Artifacts of JPEG at quality 25, 18, 15, 10, 7 with halved chroma. Blocks stay 8 pixels wide at any size."""

    op: Literal["jpeg_compression"]
    always_draws: ClassVar[bool] = False


class Saturate(Corruption):
    """Saturation of HSV times .3 .1 2 5 20 plus 0 0 0 .1 .2: severity 1 and 2 fade, 3 to 5 exaggerate."""

    op: Literal["saturate"]
    always_draws: ClassVar[bool] = False


class CorruptBrightness(Corruption):
    """Value of HSV plus .1 .2 .3 .4 .5 of white: "brightness" of ImageNet-C."""

    op: Literal["corrupt_brightness"]
    always_draws: ClassVar[bool] = False


class CorruptContrast(Corruption):
    """Distance from the mean of each channel times .4 .3 .2 .1 .05: "contrast" of ImageNet-C."""

    op: Literal["corrupt_contrast"]
    always_draws: ClassVar[bool] = False


STEPS: tuple[type[Step], ...] = (
    ElasticTransform,
    Pixelate,
    JpegCompression,
    Saturate,
    CorruptBrightness,
    CorruptContrast,
)
