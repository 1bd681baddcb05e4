"""What stands outside of an image: its mirror image, its last pixels (`edge`), or one color as red, green, blue."""

from __future__ import annotations

from typing import Union

import cv2

from augmentation.image.frame import Frame

Fill = Union[str, list[int], tuple[int, int, int]]  # noqa: UP007 - an alias at run time, on Python 3.10 too
BORDERS = {"mirror": cv2.BORDER_REFLECT_101, "edge": cv2.BORDER_REPLICATE}
BLACK = (0, 0, 0)


def usual(frame: Frame) -> Fill:
    """Where a recipe names no fill: the mirror image; black around objects, whose mirror images would have no boxes."""
    return BLACK if frame.boxes else "mirror"


def border_of(fill: Fill) -> tuple[int, tuple[int, int, int]]:
    """OpenCV's kind of border, and its color as blue, green, red."""
    if isinstance(fill, str):
        return BORDERS[fill], BLACK
    red, green, blue = fill
    return cv2.BORDER_CONSTANT, (blue, green, red)
