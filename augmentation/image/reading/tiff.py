"""TIFF: what can be checked is read. libtiff's complaints reach Pillow for LZW; Deflate has a checksum of its own.

For PackBits, CCITT G3 and G4 and JPEG libtiff fills in what it cannot decode, and at most prints a line: such files are
refused. Tags: TIFF 6.0; Deflate: Adobe's supplement 2 of 1995.
"""

from __future__ import annotations

import zlib
from typing import Any

from PIL import TiffImagePlugin

from augmentation.errors import BadImage

_BITS, _COMPRESSION, _STRIPS, _STRIP_BYTES, _TILES, _TILE_BYTES = 258, 259, 273, 279, 324, 325
_KIND, _SAMPLE_FORMAT, _ICC = 254, 339, 34675
_REDUCED_OR_MASK = 0b101  # bits of NewSubfileType: an overview of another page, a transparency mask of it
_DEFLATE = (8, 32946)
_CHECKED = {1: "none", 5: "LZW", 8: "Deflate", 32946: "Deflate"}
_STEP = 1 << 20
_MAX_PAGES = 64


def check_tiff(image: TiffImagePlugin.TiffImageFile, data: bytes) -> None:
    """Of an opened image, before it is loaded.

    Raises:
        BadImage: several pages, samples with a sign, a compression in which damage is not seen, or damage.
    """
    tags = image.tag_v2
    compression = tags.get(_COMPRESSION, 1)
    if compression not in _CHECKED:
        raise BadImage(
            f"a TIFF with {image.info.get('compression', compression)} compression, in which damage cannot be seen; "
            "save it uncompressed, with LZW or Deflate, or as PNG"
        )
    if 2 in _numbers(tags, _SAMPLE_FORMAT) and max(_numbers(tags, _BITS), default=1) <= 16:
        raise BadImage("samples with a sign have no agreed range; save the image without")
    if compression in _DEFLATE:
        for place, count in _stretches(tags):
            _check_deflate(memoryview(data)[place : place + count])
    if _pages(image) > 1:
        raise BadImage("the image is animated or has several pages")


def profile_of_tiff(image: TiffImagePlugin.TiffImageFile) -> bytes:
    found = image.tag_v2.get(_ICC, b"")
    return found if isinstance(found, bytes) else b""


def _pages(image: TiffImagePlugin.TiffImageFile) -> int:
    """Overviews, as GeoTIFF has them, and masks are no pages of their own."""
    pages = 0
    for number in range(min(getattr(image, "n_frames", 1), _MAX_PAGES)):
        image.seek(number)
        pages += not image.tag_v2.get(_KIND, 0) & _REDUCED_OR_MASK
    image.seek(0)
    return pages


def _stretches(tags: Any) -> zip[tuple[int, int]]:
    places = _numbers(tags, _STRIPS) or _numbers(tags, _TILES)
    counts = _numbers(tags, _STRIP_BYTES) or _numbers(tags, _TILE_BYTES)
    return zip(places, counts, strict=False)


def _numbers(tags: Any, tag: int) -> tuple[int, ...]:
    found = tags.get(tag, ())
    return tuple(found) if isinstance(found, (tuple, list)) else (found,)


def _check_deflate(packed: memoryview) -> None:
    """
    Raises:
        BadImage: a strip or tile does not end with its Adler-32.
    """
    stream = zlib.decompressobj()
    left: bytes | memoryview = packed
    try:
        while left and not stream.eof:
            stream.decompress(left, _STEP)
            left = stream.unconsumed_tail
    except zlib.error as error:
        raise BadImage(f"the TIFF is damaged ({error})") from error
    if not stream.eof:
        raise BadImage("the TIFF is truncated")
