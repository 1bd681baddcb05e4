"""How lengths that are given for an image of 224 x 224 pixels become lengths in an image of any size.

Fields of noise (flakes, drops, fog) are drawn on a grid of about 224 x 224 cells of the image's proportions, and scaled
to the image: they look the same at any size, and drawing them costs the same.
"""

from __future__ import annotations

from collections.abc import Callable
from math import sqrt
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from augmentation.image.frame import Pixels

REFERENCE_SIDE = 224
LARGEST_UNIT = 4.0
Field = NDArray[np.float32]


def unit(pixels: Pixels) -> float:
    """The length in this image of what is 1 pixel at 224 x 224."""
    height, width = pixels.shape[:2]
    return sqrt(width * height) / REFERENCE_SIDE


def grid_of(pixels: Pixels) -> tuple[int, int]:
    """Height and width of a grid of the image's proportions with about 224 x 224 cells."""
    height, width = pixels.shape[:2]
    return max(1, round(height / unit(pixels))), max(1, round(width / unit(pixels)))


def resized(values: NDArray[Any], height: int, width: int) -> NDArray[Any]:
    """Values on another grid: means when it is coarser, linear in between when it is finer."""
    if values.shape[:2] == (height, width):
        return values
    shrinks = height < values.shape[0] or width < values.shape[1]
    return np.asarray(
        cv2.resize(values, (width, height), interpolation=cv2.INTER_AREA if shrinks else cv2.INTER_LINEAR)
    )


def layer_for(pixels: Pixels, field: Field) -> Pixels:
    """A field of 0-1 on the grid as a gray image of the size of `pixels`, 0-255 in all four channels."""
    gray = cv2.convertScaleAbs(np.clip(field, 0, 1), alpha=255)
    return np.asarray(cv2.cvtColor(resized(gray, *pixels.shape[:2]), cv2.COLOR_GRAY2BGRA), np.uint8)


def blurred_at_most_large(pixels: Pixels, blur: Callable[[Pixels, float], Pixels]) -> Pixels:
    """`blur(pixels, unit)`, of larger images than 896 x 896 pixels done at that size: finer detail is lost anyway."""
    size = unit(pixels)
    if size <= LARGEST_UNIT:
        return blur(pixels, size)
    height, width = pixels.shape[:2]
    scale = LARGEST_UNIT / size
    small = np.asarray(resized(pixels, max(1, round(height * scale)), max(1, round(width * scale))), np.uint8)
    return np.asarray(resized(blur(small, LARGEST_UNIT), height, width), np.uint8)


def fractal(shape: tuple[int, int], decay: float, rng: np.random.Generator) -> Field:
    """A plasma of 0-1: octaves of noise with 128, 64 ... 1 cells' spacing, each weaker by the factor decay ** 2.

    That is the spectrum of the diamond-square algorithm of ImageNet-C, whose `wibbledecay` works twice an octave.
    """
    height, width = shape
    field = np.zeros(shape, np.float32)
    for octave in range(8):
        spacing = 128 >> octave
        lattice = rng.random((height // spacing + 2, width // spacing + 2), dtype=np.float32)
        fine = cv2.resize(lattice, None, fx=spacing, fy=spacing, interpolation=cv2.INTER_LINEAR)
        top, left = spacing // 2, spacing // 2
        field += fine[top : top + height, left : left + width] * np.float32(decay ** (-2 * octave))
    low, high = float(field.min()), float(field.max())
    return np.asarray((field - low) / max(high - low, 1e-6), np.float32)
