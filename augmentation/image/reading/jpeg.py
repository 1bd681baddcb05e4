"""JPEG: decoded at the smallest size that covers what the recipe needs. A decoder's warning is the end of the file.

libjpeg goes on after damage, with gray or shifted blocks, and only warns. JPEG has no checksum, so a warning is all
there is to tell a damaged photo by. What libjpeg warns of without harm is tidied up before.
"""

from __future__ import annotations

import io
import re
from typing import NamedTuple

import cv2
import numpy as np
import simplejpeg
from PIL import Image

from augmentation.errors import BadImage
from augmentation.image.frame import Box, Frame, Pixels
from augmentation.image.reading.bgrx import bgrx_of, in_srgb
from augmentation.image.reading.jpeg_headers import PROGRESSIVE, SEQUENTIAL, JpegHeaders, headers_of, scans_of, tidied
from augmentation.image.reading.limits import guard
from augmentation.image.reading.messages import messages
from augmentation.image.reading.orientation import in_exif, orient

# A progressive JPEG has about 10 scans; each one passes over all pixels, so 1 MB of empty scans takes minutes.
MAX_SCANS = 100
DCT_SCALES = (8, 4, 2)
# Processes that libjpeg scales. It would write all of a lossless picture into the smaller buffer.
_SCALED = (*SEQUENTIAL, PROGRESSIVE)
_PADDING = re.compile(r"(\d+) extraneous bytes before marker 0xd9")
_PREMATURE = "premature"


class Target(NamedTuple):
    """What the recipe needs at least, in pixels; the photo is scaled to cover it."""

    width: int
    height: int


def read_jpeg(data: bytes, target: Target | None, *, convert: bool) -> Frame:
    """The upright photo; `convert`: into sRGB by its profile.

    Raises:
        BadImage: truncated, damaged, too large, or of a kind that cannot be read.
    """
    headers = headers_of(data)
    if headers is None:
        data = tidied(data) or data
        headers = headers_of(data)
        if headers is None:
            raise BadImage("the JPEG is truncated or damaged before its picture begins")
    guard(headers.width, headers.height, len(data))
    if not headers.one_scan:
        scans = scans_of(data, headers.scan)
        if scans > MAX_SCANS:
            raise BadImage(f"the JPEG has {scans:,} scans; the limit is {MAX_SCANS}")
    orientation = in_exif(headers.exif)
    frame = _scaled(data, headers, _turned(target, orientation))
    if frame is None:
        frame = Frame.whole(_whole(data, headers, convert=convert))
    elif convert and headers.icc:
        frame = frame._replace(pixels=in_srgb(frame.pixels, headers.icc))
    return orient(frame, orientation)


def dct_scale(width: int, height: int, target: Target | None) -> int:
    """8, 4, 2 or 1: the largest reduction after which the image still covers the target."""
    if target is None:
        return 1
    for scale in DCT_SCALES:
        if width >= scale * target.width and height >= scale * target.height:
            return scale
    return 1


def scalable(headers: JpegHeaders) -> bool:
    """Whether libjpeg can decode it at a smaller size, into colors."""
    return headers.process in _SCALED and headers.precision == 8 and headers.components in (1, 3)


def _turned(target: Target | None, orientation: int) -> Target | None:
    return Target(target.height, target.width) if target and orientation >= 5 else target


def _scaled(data: bytes, headers: JpegHeaders, target: Target | None) -> Frame | None:
    """None when the JPEG is of a kind that TurboJPEG does not decode into colors."""
    if not scalable(headers):
        return None
    width, height = headers.width, headers.height
    scale = dct_scale(width, height, target)
    size = {"min_height": -(-height // scale), "min_width": -(-width // scale), "min_factor": scale}
    options = size if scale > 1 else {}
    try:
        pixels = simplejpeg.decode_jpeg(data, "BGRX", **options)
    except ValueError as error:
        if "subsampling" in str(error):
            return None
        clean = _without_harmless(data, str(error))
        try:
            pixels = simplejpeg.decode_jpeg(clean, "BGRX", **options)
        except ValueError as second:
            raise _damaged(str(second)) from second
    return Frame(np.asarray(pixels), Box(0, 0, width / scale, height / scale), scale)


def _whole(data: bytes, headers: JpegHeaders, *, convert: bool) -> Pixels:
    """Four inks, lossless, unusual sampling: by Pillow, which hides libjpeg's warnings, while OpenCV prints them."""
    if headers.precision != 8:
        raise BadImage(f"a JPEG of {headers.precision} bits a sample; save the image with 8 bits")
    warning = _warning(data)
    if warning:
        data = _without_harmless(data, warning)
        warning = _warning(data)
        if warning:
            raise _damaged(warning)
    try:
        with Image.open(io.BytesIO(data), formats=("JPEG",)) as image:
            image.load()
            return bgrx_of(image, headers.icc if convert else b"")
    except Exception as error:  # codecs raise anything on foreign bytes, and it is the file's fault
        raise BadImage(f"the JPEG cannot be decoded ({type(error).__name__}: {error})") from error


def _warning(data: bytes) -> str:
    """The first that libjpeg has of it; none for a whole picture."""
    with messages() as said:
        seen = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_UNCHANGED)
    return said.text or ("" if seen is not None else "the decoder gives no picture")


def _without_harmless(data: bytes, warning: str) -> bytes:
    """The same picture, if what was warned of may be harmless.

    Raises:
        BadImage: it is damage.
    """
    padding = _PADDING.search(warning)
    clean = None if _PREMATURE in warning.lower() else tidied(data, int(padding.group(1)) if padding else 0)
    if clean is None or clean == data:
        raise _damaged(warning)
    return clean


def _damaged(warning: str) -> BadImage:
    what = "truncated" if _PREMATURE in warning.lower() else "damaged"
    return BadImage(f"the JPEG is {what} ({' '.join(warning.split())[:200]})")
