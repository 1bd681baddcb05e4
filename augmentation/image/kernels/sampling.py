"""Reading an image at the points of another grid: bilinear, and the mean of several points where the grid is coarser.

One bilinear point sees four pixels. Where the new pixels stand farther apart than the old ones, two points a side are
read for each and averaged, half a new pixel from each other: nearly the mean over the area, at any sub-pixel place.
"""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from augmentation.image.frame import Pixels

BAND = 1 << 18  # points read at a time: bounds the memory, and stays in the processor's cache
_ROUNDING = 1e-6


def points(step: float) -> int:
    """How many points along a side make one new pixel, the next of which is `step` old pixels away (at most 3)."""
    return 1 if step <= 1 + _ROUNDING else 2


def read(
    pixels: Pixels,
    back: NDArray[np.float64],
    size: tuple[int, int],
    counts: tuple[int, int] = (1, 1),
    border: int = cv2.BORDER_REPLICATE,
    color: tuple[int, int, int] = (0, 0, 0),
    between: int = cv2.INTER_LINEAR,
) -> Pixels:
    """An image of size (width, height) whose pixels show the points that `back` says.

    `back`: 3 x 3, from new to old coordinates of pixel middles. `counts`: points for each new pixel, across and down.
    `border`: OpenCV's, with `color` (blue, green, red) for `cv2.BORDER_CONSTANT`; `between`: its interpolation.
    """
    width, height = size
    across, down = counts
    if counts == (1, 1):
        return _single(pixels, back, size, border, color, between)
    found = np.empty((height, width, pixels.shape[2]), np.uint8)
    rows = max(1, BAND // (width * across * down))
    for top in range(0, height, rows):
        count = min(rows, height - top)
        finer = np.array(((1 / across, 0, 0.5 / across - 0.5), (0, 1 / down, top + 0.5 / down - 0.5), (0, 0, 1)))
        many = _single(pixels, back @ finer, (width * across, count * down), border, color, between)
        cv2.resize(many, (width, count), dst=found[top : top + count], interpolation=cv2.INTER_AREA)
    return found


def _single(
    pixels: Pixels,
    back: NDArray[np.float64],
    size: tuple[int, int],
    border: int,
    color: tuple[int, int, int],
    between: int,
) -> Pixels:
    flags, value = between | cv2.WARP_INVERSE_MAP, (*color, 255)
    if back[2, 0] == back[2, 1] == 0:
        flat = back[:2] / back[2, 2]
        return np.asarray(
            cv2.warpAffine(pixels, flat, size, flags=flags, borderMode=border, borderValue=value), np.uint8
        )
    return np.asarray(
        cv2.warpPerspective(pixels, back, size, flags=flags, borderMode=border, borderValue=value), np.uint8
    )
