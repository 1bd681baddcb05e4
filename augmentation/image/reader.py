"""Reads an image file once, at the smallest size that still covers what the recipe needs, upright, or says why not."""

from __future__ import annotations

import io
import warnings
from typing import NamedTuple

import cv2
import numpy as np
import simplejpeg
from PIL import Image, UnidentifiedImageError

from augmentation.errors import BadFile, BadImage
from augmentation.files import guard_bytes
from augmentation.image.frame import Box, Frame, Pixels
from augmentation.image.jpeg_headers import has_exif, has_one_scan

# Ground Truth's own limit; 100 Mpx are 400 MB in memory.
MAX_PIXELS = 100_000_000
MAX_BYTES = 40_000_000
# A 1-bit PNG packs 8,256 pixels into a byte, a blank photo as JPEG 170: above 16 Mpx a denser file is a bomb.
BOMB_PIXELS, BOMB_DENSITY = 16_000_000, 500
# A progressive JPEG has about 10 scans; each one passes over all pixels, so 1 MB of empty scans takes minutes.
MAX_SCANS = 100
# Explicit, because Pillow would also open EPS (which starts Ghostscript), PDF and others.
FORMATS = ("JPEG", "PNG", "WEBP", "BMP", "TIFF", "GIF")
DCT_SCALES = (8, 4, 2)
ORIENTATION = 0x0112
_JPEG_COLORS = ("YCbCr", "Gray", "GRAY", "RGB")
_START_OF_SCAN = b"\xff\xda"

# Pillow's warnings (broken EXIF, many pixels) name no file; what matters of them becomes a reason in the quarantine.
warnings.filterwarnings("ignore", module=r"PIL\.")


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
    guard_bytes(len(data), MAX_BYTES)
    if data[:2] == b"\xff\xd8":
        return _read_jpeg(data, target)
    return _read_other(data)


def _read_jpeg(data: bytes, target: Target | None) -> Frame:
    try:
        height, width, colors, _ = simplejpeg.decode_jpeg_header(data)
    except ValueError:
        return _read_other(data)
    _guard(width, height, len(data))
    if not has_one_scan(data) and data.count(_START_OF_SCAN) > MAX_SCANS:
        raise BadImage(f"the JPEG has {data.count(_START_OF_SCAN):,} scans; the limit is {MAX_SCANS}")
    if colors not in _JPEG_COLORS:
        return _read_other(data)
    orientation = _orientation(data)
    scale = dct_scale(width, height, _turned(target, orientation))
    pixels = _decode(data, width, height, scale)
    frame = Frame(pixels, Box(0, 0, width / scale, height / scale), scale)
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
    if not has_exif(data):
        return 1
    try:
        with Image.open(io.BytesIO(data), formats=("JPEG",)) as image:
            return _orientation_of(image)
    except Exception:  # noqa: BLE001 - whatever is wrong beside the pixels, the pixels are good
        return 1


def _orientation_of(image: Image.Image) -> int:
    """Of an opened image; 1 too when its EXIF is broken or says something else than 1 to 8."""
    try:
        value = image.getexif().get(ORIENTATION, 1)
    except Exception:  # noqa: BLE001 - Pillow's EXIF reader raises many kinds, and none costs the pixels
        return 1
    return value if isinstance(value, int) and 1 <= value <= 8 else 1


def _turned(target: Target | None, orientation: int) -> Target | None:
    return Target(target.height, target.width) if target and orientation >= 5 else target


def orient(frame: Frame, orientation: int) -> Frame:
    """Turns and mirrors as the EXIF orientation says; the box goes along."""
    pixels, box = frame.pixels, frame.box
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
    return frame._replace(pixels=pixels, box=box)


def _guard(width: int, height: int, size: int) -> None:
    """Refuses by the header, before anything is decoded; `size` is the file's, in bytes."""
    pixels = width * height
    if width < 1 or height < 1:
        raise BadImage(f"the image is {width} x {height} pixels")
    if pixels > MAX_PIXELS:
        raise BadImage(f"the image has {width} x {height} pixels; the limit is {MAX_PIXELS:,}")
    if pixels > BOMB_PIXELS and pixels > BOMB_DENSITY * size:
        raise BadImage(f"a decompression bomb: {size:,} bytes that unpack to {width} x {height} pixels")


def _read_other(data: bytes) -> Frame:
    """PNG and the rest by Pillow, one process-wide switch less: the guard runs on the header, before any decoding."""
    try:
        with Image.open(io.BytesIO(data), formats=FORMATS) as image:
            _guard(*image.size, len(data))
            if getattr(image, "is_animated", False):
                raise BadImage("the image is animated or has several pages")
            image.load()
            # After loading: a TIFF is upright then and says so, and a PNG's EXIF may stand behind its pixels.
            orientation = _orientation_of(image)
            _scale_color_key(image, data)
            pixels = np.asarray(_to_rgb(image))
    except BadFile:
        raise
    except UnidentifiedImageError as error:
        raise BadImage(f"not an image of a known format ({', '.join(FORMATS)})") from error
    except Image.DecompressionBombError as error:
        raise BadImage(f"a decompression bomb: {error}") from error
    except Exception as error:  # codecs raise anything on foreign bytes, and it is the file's fault
        raise BadImage(f"the image cannot be decoded ({type(error).__name__}: {error})") from error
    frame = Frame.whole(np.asarray(cv2.cvtColor(pixels, cv2.COLOR_RGB2BGRA), np.uint8))
    return orient(frame, orientation)


def _to_rgb(image: Image.Image) -> Image.Image:
    """RGB of any mode, by the rules of docs/images.md."""
    if image.mode.startswith("I;16"):
        image = _eight_bits(image)
    elif image.mode in ("I", "F"):
        raise BadImage("32-bit samples have no agreed range; save the image with 8 or 16 bits a channel")
    if image.mode in ("RGBA", "LA", "PA", "La", "RGBa") or "transparency" in image.info:
        layer = image.convert("RGBA")
        ground = Image.new("RGBA", layer.size, (255, 255, 255, 255))
        return Image.alpha_composite(ground, layer).convert("RGB")
    return image if image.mode == "RGB" else image.convert("RGB")  # converting would copy, up to 400 MB


def _scale_color_key(image: Image.Image, data: bytes) -> None:
    """Makes a PNG's transparent color, named in the file's own depth, one of Pillow's 8-bit pixels."""
    key, depth = image.info.get("transparency"), data[24] if image.format == "PNG" else 8
    if image.mode == "L" and isinstance(key, int) and depth < 8:
        image.info["transparency"] = key * 255 // (2**depth - 1)
    elif image.mode == "RGB" and isinstance(key, tuple) and depth == 16:
        image.info["transparency"] = tuple(sample >> 8 for sample in key)


def _eight_bits(image: Image.Image) -> Image.Image:
    """16-bit gray scaled to 8 bits, 65,535 to 255; a value that stands for transparent becomes an alpha channel."""
    values = np.asarray(image).astype(np.uint16)
    gray = (values.astype(np.float32) * (255.0 / 65535.0) + 0.5).astype(np.uint8)
    hidden = image.info.get("transparency")
    if not isinstance(hidden, int):
        return Image.fromarray(gray)
    return Image.merge(
        "LA", [Image.fromarray(gray), Image.fromarray(np.where(values == hidden, 0, 255).astype(np.uint8))]
    )
