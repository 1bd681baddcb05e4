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
LARGEST_MAP = 512  # cells a side
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
    """A plasma of 0-1, by the diamond-square algorithm, on a map that joins itself at its edges.

    Each octave is weaker by the factor decay ** 2, as in ImageNet-C, whose `wibbledecay` works twice. 0 and 1 are of
    the whole map, of which `shape` shows a part; what is longer than the largest map shows it again.
    """
    side = min(LARGEST_MAP, 1 << (max(shape) - 1).bit_length())
    field = np.zeros((side, side), np.float32)
    strength, step = 1.0, side
    while step >= 2:
        half = step // 2
        corners = field[::step, ::step]
        pairs = corners + np.roll(corners, -1, 0)
        field[half::step, half::step] = (pairs + np.roll(pairs, -1, 1)) / 4 + _wobble(corners.shape, strength, rng)
        middles = field[half::step, half::step]
        for axis, (rows, columns) in ((0, (0, half)), (1, (half, 0))):
            around = corners + np.roll(corners, -1, 1 - axis) + middles + np.roll(middles, 1, axis)
            field[rows::step, columns::step] = around / 4 + _wobble(corners.shape, strength, rng)
        strength, step = strength / decay**2, half
    low, high = float(field.min()), float(field.max())
    repeats = -(-shape[0] // side), -(-shape[1] // side)
    shown = np.tile(field, repeats)[: shape[0], : shape[1]]
    return np.asarray((shown - low) / max(high - low, 1e-6), np.float32)


def _wobble(shape: tuple[int, ...], strength: float, rng: np.random.Generator) -> Field:
    """Even in -strength..strength."""
    return (rng.random(shape, dtype=np.float32) * 2 - 1) * np.float32(strength)
