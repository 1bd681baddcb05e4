"""Two images of one size become one. The spare fourth byte of a pixel is mixed along, and is nobody's."""

from __future__ import annotations

from math import sqrt
from typing import NamedTuple

import cv2
import numpy as np

from augmentation.image.frame import Pixels


class Rectangle(NamedTuple):
    """Pixels from left and top to right and bottom, which are the first outside."""

    left: int
    top: int
    right: int
    bottom: int


def blend(one: Pixels, other: Pixels, share: float) -> Pixels:
    """one * share + other * (1 - share), rounded half to even (Zhang et al. 2018, section 2)."""
    return np.asarray(cv2.addWeighted(one, share, other, 1 - share, 0), np.uint8)


def rectangle(width: int, height: int, share: float, middle: tuple[float, float]) -> Rectangle:
    """Where the other image shows: its sides are those of the image times sqrt(1 - share), cut off at the borders.

    `middle` is in shares of the sides. Yun et al. 2019, section 3.2, with the whole pixels of torchvision's
    `transforms.v2.CutMix`.
    """
    x, y, half = int(middle[0] * width), int(middle[1] * height), 0.5 * sqrt(1 - share)
    across, down = int(half * width), int(half * height)
    return Rectangle(max(0, x - across), max(0, y - down), min(width, x + across), min(height, y + down))


def paste(one: Pixels, other: Pixels, where: Rectangle) -> tuple[Pixels, float]:
    """`one` with the rectangle of `other` in it, and the share of `one` that is left."""
    left, top, right, bottom = where
    made = one.copy()
    made[top:bottom, left:right] = other[top:bottom, left:right]
    height, width = one.shape[:2]
    return made, 1 - (right - left) * (bottom - top) / (width * height)
