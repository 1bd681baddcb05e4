"""Color profiles (ICC), by LittleCMS through Pillow."""

from __future__ import annotations

import io
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image

if TYPE_CHECKING:
    from PIL.ImageCms import ImageCmsTransform

SAME = 1  # levels of difference; a profile that changes no color by more is sRGB's


@lru_cache(maxsize=8)
def to_srgb(icc: bytes, mode: str) -> ImageCmsTransform | None:
    """What turns pixels of an "RGB", "L" or "CMYK" image with this profile into sRGB.

    None where nothing is to be done: the profile is sRGB's own, is broken, or belongs to other colors than the image's.
    """
    from PIL import ImageCms  # few files have a profile that is not sRGB's

    try:
        transform = ImageCms.buildTransform(
            ImageCms.ImageCmsProfile(io.BytesIO(icc)),
            ImageCms.createProfile("sRGB"),
            mode,
            "RGB",
            renderingIntent=ImageCms.Intent.RELATIVE_COLORIMETRIC,
            flags=ImageCms.Flags.BLACKPOINTCOMPENSATION,
        )
    except (ImageCms.PyCMSError, OSError, ValueError, TypeError):
        return None
    if mode == "CMYK":
        return transform
    colors = _probe(mode)
    change = np.abs(np.asarray(transform.apply(colors)).astype(int) - np.asarray(colors.convert("RGB")))
    return transform if change.max() > SAME else None


def _probe(mode: str) -> Image.Image:
    """Every level of gray, or 17 x 17 x 17 colors."""
    if mode == "L":
        return Image.fromarray(np.arange(256, dtype=np.uint8)[None])
    levels = np.linspace(0, 255, 17).astype(np.uint8)
    return Image.fromarray(np.stack(np.meshgrid(levels, levels, levels), axis=-1).reshape(17, -1, 3))
