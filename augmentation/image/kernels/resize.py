"""Scaling with sub-pixel offsets: a side that is far too long is halved by area, then `sampling` takes the means.

Halving to nearly the new size would blur more than the mean over the area does (a photo of 512 -> 224 pixels: 35 dB to
Lanczos instead of 39), so it ends where fewer than two and a half old pixels make a new one.
"""

from __future__ import annotations

from math import ceil

import cv2
import numpy as np

from augmentation.image.frame import Box, Pixels
from augmentation.image.kernels.sampling import points, read

HALVED_FROM = 2.5
LEAST_AGAIN = 1.5
# Nine photos of 512 x 512, decoded at half: by cubic 3.4 dB nearer to Lanczos at 224 pixels than by bilinear
# interpolation, 1.5 dB at 190, and from 175 on farther.
CUBIC_UNDER = 4 / 3


def cover(box: Box, width: float, height: float) -> Box:
    """The largest middle part of `box` with the proportions width : height."""
    ratio = min(box.width / width, box.height / height)
    cut_width, cut_height = width * ratio, height * ratio
    left = box.left + (box.width - cut_width) / 2
    top = box.top + (box.height - cut_height) / 2
    return Box(left, top, cut_width, cut_height)


def sample(pixels: Pixels, box: Box, width: int, height: int, *, reduced: bool = False) -> Pixels:
    """The part `box` of the pixels, scaled to width x height.

    `reduced`: a decoder has halved the pixels before. They are then read without another mean up to `LEAST_AGAIN`
    times the new size: bilinear interpolation blurs them enough, and below `CUBIC_UNDER` too much.
    """
    pixels, box = _whole_pixels_around(pixels, box, width, height)
    while box.width >= HALVED_FROM * width or box.height >= HALVED_FROM * height:
        twice = 2 if box.width >= HALVED_FROM * width else 1, 2 if box.height >= HALVED_FROM * height else 1
        pixels, box = _halve(pixels, box, *twice)
    if box == Box(0, 0, width, height) and (pixels.shape[1], pixels.shape[0]) == (width, height):
        return np.ascontiguousarray(pixels)
    across, down = box.width / width, box.height / height
    counts = (1, 1) if reduced and max(across, down) < LEAST_AGAIN else (points(across), points(down))
    between = cv2.INTER_CUBIC if reduced and max(across, down) < CUBIC_UNDER else cv2.INTER_LINEAR
    if counts == (1, 1) and all(side % 1 == 0 for side in box):  # cubic takes a tenth of the time then
        left, top, right, bottom = map(int, (box.left, box.top, box.left + box.width, box.top + box.height))
        return np.asarray(cv2.resize(pixels[top:bottom, left:right], (width, height), interpolation=between), np.uint8)
    # Pixel centers lie at half coordinates, so the middle of the first target pixel is at 0.5 * across - 0.5.
    back = np.array(
        ((across, 0, box.left + 0.5 * across - 0.5), (0, down, box.top + 0.5 * down - 0.5), (0, 0, 1)), np.float64
    )
    return read(pixels, back, (width, height), counts, between=between)


def _whole_pixels_around(pixels: Pixels, box: Box, new_width: int, new_height: int) -> tuple[Pixels, Box]:
    """Cuts away what is never looked at, leaving a margin of two new pixels for the means and the interpolation."""
    height, width = pixels.shape[:2]
    across, down = (max(2, ceil(2 * ratio)) for ratio in (box.width / new_width, box.height / new_height))
    left, top = max(0, int(box.left) - across) & ~1, max(0, int(box.top) - down) & ~1
    right = min(width, int(box.left + box.width) + across + 1)
    bottom = min(height, int(box.top + box.height) + down + 1)
    return pixels[top:bottom, left:right], Box(box.left - left, box.top - top, box.width, box.height)


def _halve(pixels: Pixels, box: Box, across: int, down: int) -> tuple[Pixels, Box]:
    smaller = Box(box.left / across, box.top / down, box.width / across, box.height / down)
    return halved(pixels, across, down), smaller


def halved(pixels: Pixels, across: int = 2, down: int = 2) -> Pixels:
    """The means of across x down (1 or 2) pixels; an odd last row or column is doubled first, so that none is lost."""
    more = -pixels.shape[0] % down, -pixels.shape[1] % across
    if any(more):
        pixels = np.asarray(cv2.copyMakeBorder(pixels, 0, more[0], 0, more[1], cv2.BORDER_REPLICATE), np.uint8)
    height, width = pixels.shape[:2]
    # The point in the middle of two pixels is their mean; OpenCV takes means over 2 x 1 five times as slowly.
    half = cv2.resize(pixels, (width // across, height // down), interpolation=cv2.INTER_LINEAR)
    return np.asarray(half, np.uint8)
