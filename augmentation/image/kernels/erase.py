"""Covering parts of an image with one color."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from augmentation.image.frame import Pixels


def color_of(fill: str | Sequence[int], pixels: Pixels) -> NDArray[np.uint8]:
    """[red, green, blue] as a BGRX pixel; "mean" is the mean color of the pixels."""
    if isinstance(fill, str):
        return np.rint(cv2.mean(pixels)).astype(np.uint8)
    return np.array([*fill[::-1], 255], np.uint8)


def cover_rectangles(
    pixels: Pixels, rectangles: Iterable[tuple[int, int, int, int]], color: NDArray[np.uint8]
) -> Pixels:
    """With each (left, top, right, bottom), in whole pixels within the image, covered; right and bottom are outside."""
    covered: Pixels = pixels.copy()
    for left, top, right, bottom in rectangles:
        covered[top:bottom, left:right] = color
    return covered


def cover_grid(pixels: Pixels, period: int, side: int, first: tuple[int, int], color: NDArray[np.uint8]) -> Pixels:
    """With squares of `side` pixels covered, `period` pixels apart, shifted by `first` in x and y."""
    height, width = pixels.shape[:2]
    across = (np.arange(width) + first[0]) % period < side
    down = (np.arange(height) + first[1]) % period < side
    covered: Pixels = pixels.copy()
    covered[np.ix_(down, across)] = color
    return covered
