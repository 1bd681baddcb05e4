"""The size of an image, by its header alone where that tells it."""

from __future__ import annotations

from augmentation.image.reading.jpeg_headers import headers_of
from augmentation.image.reading.limits import guard
from augmentation.image.reading.orientation import in_exif
from augmentation.image.reading.png import SIGNATURE, picture_of_png
from augmentation.image.reading.reader import read_image


def upright_size(data: bytes) -> tuple[int, int]:
    """Width and height in pixels, as the EXIF orientation turns the image.

    Raises:
        BadImage: as `read_image`; the picture of a JPEG, and of a PNG, is not decoded.
    """
    if data.startswith(SIGNATURE):
        exif, width, height = picture_of_png(data).exif, *_sides(data[16:24])
    elif data[:2] == b"\xff\xd8" and (headers := headers_of(data)) is not None:
        exif, width, height = headers.exif, headers.width, headers.height
    else:
        box = read_image(data).box
        return round(box.width), round(box.height)
    guard(width, height, len(data))
    return (height, width) if in_exif(exif) >= 5 else (width, height)


def _sides(fields: bytes) -> tuple[int, int]:
    """Of IHDR."""
    return int.from_bytes(fields[:4], "big"), int.from_bytes(fields[4:], "big")
