"""Scaling down with sub-pixel offsets: exact halvings by area, then one bilinear step (performance.md's rule 6)."""

from __future__ import annotations

import cv2
import numpy as np

from augmentation.image.frame import Box, Pixels


def cover(box: Box, width: int, height: int) -> Box:
    """The largest middle part of `box` with the proportions width : height."""
    ratio = min(box.width / width, box.height / height)
    cut_width, cut_height = width * ratio, height * ratio
    left = box.left + (box.width - cut_width) / 2
    top = box.top + (box.height - cut_height) / 2
    return Box(left, top, cut_width, cut_height)


def sample(pixels: Pixels, box: Box, width: int, height: int) -> Pixels:
    """The part `box` of the pixels, scaled to width x height."""
    pixels, box = _whole_pixels_around(pixels, box)
    while box.width >= 2 * width and box.height >= 2 * height and min(pixels.shape[:2]) > 1:
        pixels, box = _halve(pixels, box)
    if box == Box(0, 0, pixels.shape[1], pixels.shape[0]):
        if (pixels.shape[1], pixels.shape[0]) == (width, height):
            return np.ascontiguousarray(pixels)
        return np.asarray(cv2.resize(pixels, (width, height), interpolation=cv2.INTER_LINEAR), np.uint8)
    across, down = box.width / width, box.height / height
    # Pixel centers lie at half coordinates, so the middle of the first target pixel is at 0.5 * across - 0.5.
    back = np.array(
        [[across, 0, box.left + 0.5 * across - 0.5], [0, down, box.top + 0.5 * down - 0.5]],
        dtype=np.float64,
    )
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    warped = cv2.warpAffine(pixels, back, (width, height), flags=flags, borderMode=cv2.BORDER_REPLICATE)
    return np.asarray(warped, np.uint8)


def _whole_pixels_around(pixels: Pixels, box: Box) -> tuple[Pixels, Box]:
    """Cuts away what is never looked at, leaving a margin of two pixels for the interpolation."""
    height, width = pixels.shape[:2]
    left, top = max(0, int(box.left) - 2) & ~1, max(0, int(box.top) - 2) & ~1
    right = min(width, int(box.left + box.width) + 3)
    bottom = min(height, int(box.top + box.height) + 3)
    return pixels[top:bottom, left:right], Box(box.left - left, box.top - top, box.width, box.height)


def _halve(pixels: Pixels, box: Box) -> tuple[Pixels, Box]:
    """Half the size by the mean of 2 x 2 pixels; an odd last row or column is doubled first, so that none is lost."""
    height, width = pixels.shape[:2]
    if height % 2 or width % 2:
        pixels = np.asarray(cv2.copyMakeBorder(pixels, 0, height % 2, 0, width % 2, cv2.BORDER_REPLICATE), np.uint8)
        height, width = pixels.shape[:2]
    half = cv2.resize(pixels, (width // 2, height // 2), interpolation=cv2.INTER_AREA)
    return np.asarray(half, np.uint8), Box(box.left / 2, box.top / 2, box.width / 2, box.height / 2)
