"""Reads an image file once, at the smallest size that still covers what the recipe needs, upright, or says why not."""

from __future__ import annotations

from augmentation.errors import BadImage
from augmentation.files import guard_bytes
from augmentation.image.frame import Frame
from augmentation.image.reading.jpeg import Target, read_jpeg
from augmentation.image.reading.limits import MAX_BYTES
from augmentation.image.reading.others import read_other


def read_image(data: bytes, target: Target | None = None, *, convert: bool = True) -> Frame:
    """The upright image in `data`; `convert`: into sRGB by the profile that it holds.

    Raises:
        BadImage: empty, too large, truncated, damaged, animated, or no image of a known format.
    """
    if not data:
        raise BadImage("the file is empty")
    guard_bytes(len(data), MAX_BYTES)
    if data[:2] == b"\xff\xd8":
        return read_jpeg(data, target, convert=convert)
    return read_other(data, convert=convert)


__all__ = ["Target", "read_image"]
