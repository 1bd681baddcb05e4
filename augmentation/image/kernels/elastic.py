"""Local shifts of pixels. Lengths are for 224 x 224 pixels; see `scale`."""

from __future__ import annotations

from math import ceil, sqrt

import cv2
import numpy as np

from augmentation.image.frame import Pixels
from augmentation.image.kernels import warp
from augmentation.image.kernels.border import Fill
from augmentation.image.kernels.scale import Field, grid_of, resized, unit
from augmentation.seeds import numpy_rng

CELLS_A_SIGMA = 4  # a field smoothed by sigma is drawn with this many values a sigma: more would be smoothed away


def smooth_noise(shape: tuple[int, int], sigma: float, rng: np.random.Generator) -> Field:
    """What a Gaussian filter makes of noise that is even in -1..1.

    With a large sigma it is drawn on a coarse grid: the mean of n values deviates by 1 / sqrt(3 * n).
    """
    spacing = max(1.0, sigma / CELLS_A_SIGMA)
    coarse = ceil(shape[0] / spacing), ceil(shape[1] / spacing)
    noise = rng.standard_normal(coarse, dtype=np.float32) * np.float32(1 / (sqrt(3) * spacing))
    smooth = cv2.GaussianBlur(noise, (0, 0), sigma / spacing, borderType=cv2.BORDER_REFLECT)
    return np.asarray(cv2.resize(smooth, shape[::-1], interpolation=cv2.INTER_LINEAR), np.float32)


def elastic(
    pixels: Pixels, strength: float, sigma: float, corners: list[float], seed: int, fill: Fill = "mirror"
) -> Pixels:
    """Each pixel is read from its place plus strength * smooth noise, after three points moved by `corners`.

    `fill` is what the move of those three points brings in from outside.
    """
    rng, size = numpy_rng(seed), unit(pixels)
    height, width = pixels.shape[:2]
    if corners:
        pixels = warp.warp(pixels, affine(corners, pixels), fill)
    shifts = [smooth_noise(grid_of(pixels), sigma, rng) * np.float32(strength * size) for _ in range(2)]
    across, down = (np.array(resized(shift, height, width), np.float32) for shift in shifts)
    across += np.arange(width, dtype=np.float32)
    down += np.arange(height, dtype=np.float32)[:, None]
    return np.asarray(cv2.remap(pixels, across, down, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REFLECT), np.uint8)


def affine(corners: list[float], pixels: Pixels) -> warp.Matrix:
    """The map that moves three corners of a square in the middle, two thirds of the shorter side wide, by x, y each."""
    height, width = pixels.shape[:2]
    third = max(min(width, height) / 3, 0.5)
    square = np.array([[third, third], [third, -third], [-third, -third]], np.float32)
    before = square + np.array([(width - 1) / 2, (height - 1) / 2], np.float32)
    after = before + np.array(corners, np.float32).reshape(3, 2) * np.float32(unit(pixels))
    return warp.Matrix(*cv2.getAffineTransform(before, after).ravel().tolist())
