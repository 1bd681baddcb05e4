"""All formats but JPEG, decoded by Pillow: the guard runs on the header, before any decoding."""

from __future__ import annotations

import io
import warnings
from contextlib import nullcontext
from typing import NamedTuple

from PIL import Image, TiffImagePlugin, UnidentifiedImageError

from augmentation.errors import BadFile, BadImage
from augmentation.image.frame import Frame
from augmentation.image.reading.bgrx import bgrx_of
from augmentation.image.reading.limits import MAX_PIXELS, MAX_PIXELS_WEBP, guard
from augmentation.image.reading.messages import Messages, messages
from augmentation.image.reading.orientation import in_exif, orient
from augmentation.image.reading.png import SIGNATURE, picture_of_png
from augmentation.image.reading.tiff import check_tiff, profile_of_tiff
from augmentation.image.reading.webp import check_webp

# Explicit, because Pillow would also open EPS (which starts Ghostscript), PDF and others.
FORMATS = ("JPEG", "PNG", "WEBP", "BMP", "TIFF", "GIF")
_TIFF = (b"II*\x00", b"MM\x00*", b"II+\x00", b"MM\x00+")

# Pillow's warnings (broken EXIF, many pixels) name no file; what matters of them becomes a reason in the quarantine.
warnings.filterwarnings("ignore", module=r"PIL\.")


class _Beside(NamedTuple):
    """What stands beside the pixels; empty where there is nothing."""

    exif: bytes = b""
    profile: bytes = b""


def read_other(data: bytes, *, convert: bool) -> Frame:
    """The upright image; `convert`: into sRGB by its profile.

    Raises:
        BadImage: truncated, damaged, animated, too large, or of a kind that cannot be read.
    """
    kind = _kind(data)
    if kind is None:
        raise BadImage(f"not an image of a known format ({', '.join(FORMATS)})")
    beside = _Beside()
    if kind == "PNG":
        data, *found = picture_of_png(data)
        beside = _Beside(*found)
    said = Messages()
    try:
        with messages() if kind == "TIFF" else nullcontext(said) as said:  # nobody else prints
            frame = _decoded(data, kind, beside, convert=convert)
    except BadFile:
        raise
    except UnidentifiedImageError as error:
        raise BadImage(f"a {kind} file that is damaged or of a kind that cannot be read") from error
    except Exception as error:  # codecs raise anything on foreign bytes, and it is the file's fault
        reason = said.text.removeprefix("tempfile.tif: ") or f"{type(error).__name__}: {error}"
        raise BadImage(f"the {kind} cannot be decoded ({reason})") from error
    errors = [line for line in said.text.splitlines() if "Warning" not in line]
    if errors:
        raise BadImage(f"the {kind} is damaged ({errors[0]})")
    return frame


def _decoded(data: bytes, kind: str, beside: _Beside, *, convert: bool) -> Frame:
    with Image.open(io.BytesIO(data), formats=(kind,)) as image:
        guard(*image.size, len(data), MAX_PIXELS_WEBP if kind == "WEBP" else MAX_PIXELS)
        if kind == "WEBP":
            beside = _Beside(*check_webp(data))
        elif isinstance(image, TiffImagePlugin.TiffImageFile):
            check_tiff(image, data)
            beside = _Beside(profile=profile_of_tiff(image))
        image.load()  # turns a TIFF upright
        if kind == "GIF" and getattr(image, "is_animated", False):
            raise BadImage("the image is animated or has several pages")
        _scale_color_key(image, data)
        pixels = bgrx_of(image, beside.profile if convert else b"")
    return orient(Frame.whole(pixels), in_exif(beside.exif))


def _kind(data: bytes) -> str | None:
    """The format, by the first bytes."""
    if data.startswith(SIGNATURE):
        return "PNG"
    if data.startswith(b"RIFF") and data[8:12] == b"WEBP":
        return "WEBP"
    if data.startswith(_TIFF):
        return "TIFF"
    if data.startswith((b"GIF87a", b"GIF89a")):
        return "GIF"
    return "BMP" if data.startswith(b"BM") else None


def _scale_color_key(image: Image.Image, data: bytes) -> None:
    """Makes a PNG's transparent color, named in the file's own depth, one of Pillow's 8-bit pixels."""
    key, depth = image.info.get("transparency"), data[24] if image.format == "PNG" else 8
    if image.mode == "L" and isinstance(key, int) and depth < 8:
        image.info["transparency"] = key * 255 // (2**depth - 1)
    elif image.mode == "RGB" and isinstance(key, tuple) and depth == 16:
        image.info["transparency"] = tuple(sample >> 8 for sample in key)
