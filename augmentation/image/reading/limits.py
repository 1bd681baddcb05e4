"""What is not decoded at all, told by the header alone."""

from __future__ import annotations

from augmentation.errors import BadImage

# Ground Truth's own limit; 100 Mpx are 400 MB in memory.
MAX_PIXELS = 100_000_000
MAX_PIXELS_WEBP = 75_000_000  # libwebp has four copies of the picture at once
MAX_BYTES = 40_000_000
# A 1-bit PNG packs 8,256 pixels into a byte, a blank photo as JPEG 170: above 16 Mpx a denser file is a bomb.
BOMB_PIXELS, BOMB_DENSITY = 16_000_000, 500


def guard(width: int, height: int, size: int, limit: int = MAX_PIXELS) -> None:
    """Refuses by the header, before anything is decoded; `size` is the file's, in bytes.

    Raises:
        BadImage: no pixels, too many, or more than so few bytes can hold.
    """
    pixels = width * height
    if width < 1 or height < 1:
        raise BadImage(f"the image is {width} x {height} pixels")
    if pixels > limit:
        raise BadImage(f"the image has {width} x {height} pixels; the limit is {limit:,}")
    if pixels > BOMB_PIXELS and pixels > BOMB_DENSITY * size:
        raise BadImage(f"a decompression bomb: {size:,} bytes that unpack to {width} x {height} pixels")
