"""Reads an image file once, at the smallest size that still covers what the recipe needs, upright, or says why not."""

from __future__ import annotations

import io
from typing import NamedTuple

import cv2
import numpy as np
import simplejpeg
from PIL import Image, UnidentifiedImageError

from augmentation.errors import BadImage
from augmentation.frame import Box, Frame, Pixels

# Ground Truth's own limit; 100 Mpx are 400 MB in memory.
MAX_PIXELS = 100_000_000
MAX_BYTES = 40_000_000
# Explicit, because Pillow would also open EPS (which starts Ghostscript), PDF and others.
FORMATS = ("JPEG", "PNG", "WEBP", "BMP", "TIFF", "GIF")
DCT_SCALES = (8, 4, 2)
ORIENTATION = 0x0112
_JPEG_COLORS = ("YCbCr", "Gray", "GRAY", "RGB")


class Target(NamedTuple):
    """What the recipe needs at least, in pixels; the photo is scaled to cover it."""

    width: int
    height: int


def read_image(data: bytes, target: Target | None = None) -> Frame:
    """The upright image in `data`.

    Raises:
        BadImage: empty, too large, truncated, animated, or no image of a known format.
    """
    if not data:
        raise BadImage("the file is empty")
    if len(data) > MAX_BYTES:
        raise BadImage(f"the file has {len(data):,} bytes; the limit is {MAX_BYTES:,}")
    if data[:2] == b"\xff\xd8":
        return _read_jpeg(data, target)
    return _read_other(data)


def _read_jpeg(data: bytes, target: Target | None) -> Frame:
    try:
        height, width, colors, _ = simplejpeg.decode_jpeg_header(data)
    except ValueError:
        return _read_other(data)
    _guard(width, height)
    if colors not in _JPEG_COLORS:
        return _read_other(data)
    orientation = _orientation(data)
    scale = dct_scale(width, height, _turned(target, orientation))
    pixels = _decode(data, width, height, scale)
    frame = Frame(pixels, Box(0, 0, width / scale, height / scale))
    return orient(frame, orientation)


def dct_scale(width: int, height: int, target: Target | None) -> int:
    """8, 4, 2 or 1: the largest reduction after which the image still covers the target."""
    if target is None:
        return 1
    for scale in DCT_SCALES:
        if width >= scale * target.width and height >= scale * target.height:
            return scale
    return 1


def _decode(data: bytes, width: int, height: int, scale: int) -> Pixels:
    size = {"min_height": -(-height // scale), "min_width": -(-width // scale), "min_factor": scale}
    try:
        return np.asarray(simplejpeg.decode_jpeg(data, "BGRX", **(size if scale > 1 else {})))
    except ValueError as error:
        reason = str(error)
    if "premature" in reason.lower():
        raise BadImage(f"the JPEG is truncated ({reason})")
    try:  # libjpeg also warns of harmless things, such as bytes between two markers
        return np.asarray(simplejpeg.decode_jpeg(data, "BGRX", strict=False, **(size if scale > 1 else {})))
    except ValueError as error:
        raise BadImage(f"the JPEG cannot be decoded ({error})") from error


def _orientation(data: bytes) -> int:
    """EXIF orientation, 1 to 8; 1 when there is none. Most files have no EXIF, and then nothing is parsed."""
    if b"Exif\x00\x00" not in data[:65536]:
        return 1
    try:
        with Image.open(io.BytesIO(data), formats=("JPEG",)) as image:
            value = image.getexif().get(ORIENTATION, 1)
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError):
        return 1
    return value if isinstance(value, int) and 1 <= value <= 8 else 1


def _turned(target: Target | None, orientation: int) -> Target | None:
    return Target(target.height, target.width) if target and orientation >= 5 else target


def orient(frame: Frame, orientation: int) -> Frame:
    """Turns and mirrors as the EXIF orientation says; the box goes along."""
    pixels, box = frame
    if orientation >= 5:
        pixels = np.asarray(cv2.transpose(pixels), np.uint8)
        box = Box(box.top, box.left, box.height, box.width)
    height, width = pixels.shape[:2]
    mirror = orientation in (2, 3, 6, 7)
    upend = orientation in (3, 4, 7, 8)
    if mirror:
        box = box._replace(left=width - box.left - box.width)
    if upend:
        box = box._replace(top=height - box.top - box.height)
    if mirror or upend:
        pixels = np.asarray(cv2.flip(pixels, -1 if mirror and upend else int(mirror)), np.uint8)
    return Frame(pixels, box)


def _guard(width: int, height: int) -> None:
    if width < 1 or height < 1:
        raise BadImage(f"the image is {width} x {height} pixels")
    if width * height > MAX_PIXELS:
        raise BadImage(f"the image has {width} x {height} pixels; the limit is {MAX_PIXELS:,}")


def _read_other(data: bytes) -> Frame:
    """PNG and the rest by Pillow, one process-wide switch less: the guard runs on the header, before any decoding."""
    try:
        with Image.open(io.BytesIO(data), formats=FORMATS) as image:
            _guard(*image.size)
            if getattr(image, "n_frames", 1) > 1:
                raise BadImage(f"the image is animated or has {getattr(image, 'n_frames', 1)} pages")
            orientation = image.getexif().get(ORIENTATION, 1)
            pixels = np.asarray(_to_rgb(image))
    except UnidentifiedImageError as error:
        raise BadImage(f"not an image of a known format ({', '.join(FORMATS)})") from error
    except Image.DecompressionBombError as error:
        raise BadImage(str(error)) from error
    except (OSError, SyntaxError, ValueError, EOFError, KeyError, IndexError, TypeError, OverflowError) as error:
        raise BadImage(f"the image cannot be decoded ({type(error).__name__}: {error})") from error
    frame = Frame.whole(np.asarray(cv2.cvtColor(pixels, cv2.COLOR_RGB2BGRA), np.uint8))
    return orient(frame, orientation if isinstance(orientation, int) and 1 <= orientation <= 8 else 1)


def _to_rgb(image: Image.Image) -> Image.Image:
    """RGB of any mode: 16-bit gray is scaled, not clipped; transparent pixels show white, not what lies beneath."""
    if image.mode.startswith("I"):
        values = np.asarray(image).astype(np.float32)
        top = 65535.0 if values.max(initial=0) > 255 else 255.0
        return Image.fromarray(np.clip(values * (255.0 / top), 0, 255).astype(np.uint8)).convert("RGB")
    if image.mode in ("RGBA", "LA", "PA", "La", "RGBa") or "transparency" in image.info:
        layer = image.convert("RGBA")
        ground = Image.new("RGBA", layer.size, (255, 255, 255, 255))
        return Image.alpha_composite(ground, layer).convert("RGB")
    return image.convert("RGB")
