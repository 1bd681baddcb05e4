"""From Pillow's modes to BGRX in sRGB, band by band: each copy of a large photo is hundreds of megabytes."""

from __future__ import annotations

from collections.abc import Iterator

import cv2
import numpy as np
from PIL import Image

from augmentation.errors import BadImage
from augmentation.image.frame import Pixels
from augmentation.image.reading.profile import to_srgb

BAND_PIXELS = 4_000_000
_WITH_ALPHA = ("RGBA", "LA", "PA", "La", "RGBa")


def bgrx_of(image: Image.Image, icc: bytes = b"") -> Pixels:
    """The pixels of a loaded image of any mode, by the rules of docs/images.md; `icc` is the profile to convert by.

    Raises:
        BadImage: its samples have no agreed range.
    """
    if image.mode in ("I", "F"):
        raise BadImage("32-bit samples have no agreed range; save the image with 8 or 16 bits a channel")
    width, height = image.size
    pixels = np.empty((height, width, 4), np.uint8)
    for top, bottom in _bands(width, height):
        band = _rgb(image.crop((0, top, width, bottom)), icc)
        cv2.cvtColor(np.asarray(band), cv2.COLOR_RGB2BGRA, dst=pixels[top:bottom])
    return pixels


def in_srgb(pixels: Pixels, icc: bytes) -> Pixels:
    """The same pixels when the profile is sRGB's, or cannot be used."""
    if to_srgb(icc, "RGB") is None:
        return pixels
    height, width = pixels.shape[:2]
    converted = np.empty_like(pixels)
    for top, bottom in _bands(width, height):
        band = Image.fromarray(cv2.cvtColor(pixels[top:bottom], cv2.COLOR_BGRA2RGB))
        cv2.cvtColor(np.asarray(_converted(band, icc)), cv2.COLOR_RGB2BGRA, dst=converted[top:bottom])
    return converted


def _bands(width: int, height: int) -> Iterator[tuple[int, int]]:
    rows = max(1, BAND_PIXELS // width)
    return ((top, min(top + rows, height)) for top in range(0, height, rows))


def _rgb(band: Image.Image, icc: bytes) -> Image.Image:
    if band.mode.startswith("I;16"):
        band = _eight_bits(band)
    if band.mode in _WITH_ALPHA or "transparency" in band.info:
        layer = band.convert("RGBA")
        if icc:
            color = _converted(layer.convert("L" if band.mode in ("LA", "La") else "RGB"), icc)
            layer = Image.merge("RGBA", (*color.split(), layer.getchannel("A")))
        return Image.alpha_composite(Image.new("RGBA", layer.size, "white"), layer).convert("RGB")
    return _converted(band, icc)


def _converted(band: Image.Image, icc: bytes) -> Image.Image:
    """In sRGB; a profile for other colors than the band's counts for nothing."""
    transform = None
    if icc:
        band = band if band.mode in ("L", "RGB", "CMYK") else band.convert("RGB")
        transform = to_srgb(icc, band.mode)
    if transform is None:
        return band if band.mode == "RGB" else band.convert("RGB")
    return transform.apply(band)


def _eight_bits(band: Image.Image) -> Image.Image:
    """16-bit gray scaled to 8 bits, 65,535 to 255; a value that stands for transparent becomes an alpha channel."""
    values = np.asarray(band).astype(np.uint16)
    gray = Image.fromarray((values.astype(np.float32) * (255.0 / 65535.0) + 0.5).astype(np.uint8))
    hidden = band.info.get("transparency")
    if not isinstance(hidden, int):
        return gray
    return Image.merge("LA", [gray, Image.fromarray(np.where(values == hidden, 0, 255).astype(np.uint8))])
