"""Blurs. `size` is the length in the image of 1 pixel at 224 x 224 (`scale.unit`); all other lengths are for 224."""

from __future__ import annotations

from math import ceil, cos, radians, sin

import cv2
import numpy as np
from numpy.typing import NDArray

from augmentation.image.frame import Pixels
from augmentation.image.kernels import warp
from augmentation.image.kernels.scale import Field
from augmentation.seeds import numpy_rng


def gaussian(pixels: Pixels, sigma: float, size: float) -> Pixels:
    return np.asarray(cv2.GaussianBlur(pixels, (0, 0), max(sigma * size, 1e-3)), np.uint8)


def sharpen(pixels: Pixels, factor: float) -> Pixels:
    """smooth + factor * (value - smooth), smooth by Pillow's SMOOTH: 5 times the pixel and its eight neighbors."""
    kernel = np.array([[1, 1, 1], [1, 5, 1], [1, 1, 1]], np.float32) / 13
    smooth = np.asarray(cv2.filter2D(pixels, -1, kernel), np.uint8)
    result = np.asarray(cv2.addWeighted(pixels, factor, smooth, 1 - factor, 0), np.uint8)
    result[[0, -1]], result[:, [0, -1]] = pixels[[0, -1]], pixels[:, [0, -1]]
    return result


def disk(radius: float, smoothing: float) -> Field:
    """The image of a point out of focus: an evenly lit disk whose edge is blurred by `smoothing`."""
    reach = ceil(radius + 2 * smoothing)
    axis = np.arange(-reach, reach + 1, dtype=np.float32)
    distance = np.hypot(axis[:, None], axis[None, :])
    covered = np.clip(radius + 0.5 - distance, 0, 1)
    smooth = np.asarray(cv2.GaussianBlur(covered, (0, 0), max(smoothing, 1e-3)), np.float32)
    return np.asarray(smooth / smooth.sum(), np.float32)


def defocus(pixels: Pixels, radius: float, smoothing: float, size: float) -> Pixels:
    return np.asarray(cv2.filter2D(pixels, -1, disk(radius * size, smoothing * size)), np.uint8)


def streak(radius: float, sigma: float, degrees: float) -> Field:
    """A filter along a line: half a Gaussian from the middle outward, 2 * radius long, so that it looks one way.

    As ImageMagick's motion blur, which ImageNet-C uses. `degrees` turn clockwise on the screen, from the right.
    """
    length = max(1, round(2 * radius))
    steps = np.arange(length + 1, dtype=np.float32)
    weights = np.exp(-(steps**2) / (2 * max(sigma, 1e-3) ** 2))
    across, down = steps * np.float32(cos(radians(degrees))), steps * np.float32(sin(radians(degrees)))
    kernel = np.zeros((2 * length + 3, 2 * length + 3), np.float32)
    left, top = np.floor(across).astype(int), np.floor(down).astype(int)
    for right, below in ((0, 0), (0, 1), (1, 0), (1, 1)):  # each point spread over its four neighbors
        share = (1 - np.abs(across - left - right)) * (1 - np.abs(down - top - below))
        np.add.at(kernel, (top + below + length + 1, left + right + length + 1), weights * share)
    return np.asarray(kernel / kernel.sum(), np.float32)


def motion(pixels: Pixels, radius: float, sigma: float, degrees: float, size: float) -> Pixels:
    return np.asarray(cv2.filter2D(pixels, -1, streak(radius * size, sigma * size, degrees)), np.uint8)


def zoom(pixels: Pixels, factors: list[float]) -> Pixels:
    """The mean of the image and of the image scaled around its middle by each factor."""
    height, width = pixels.shape[:2]
    total = pixels.astype(np.float32)
    for factor in factors:
        cv2.accumulate(warp.warp(pixels, warp.scaling(factor, width, height)), total)
    return np.asarray(cv2.convertScaleAbs(total, alpha=1 / (len(factors) + 1)), np.uint8)


def glass(pixels: Pixels, sigma: float, reach: int, rounds: int, seed: int, size: float) -> Pixels:
    """In each round, every pixel takes one up to `reach` away, between two Gaussian blurs.

    As ImageNet-C's rounds go, from the lower right to the upper left and in place: what a pixel takes may have been
    taken in the same round. In a larger image than 224 x 224, blocks are shifted instead of pixels.
    """
    rng = numpy_rng(seed)
    height, width = pixels.shape[:2]
    scale = max(size, 1.0)
    cells = ceil(height / scale), ceil(width / scale)
    number = np.arange(cells[0] * cells[1], dtype=np.intp).reshape(cells)
    source: NDArray[np.intp] = number.ravel()
    for _ in range(rounds):
        source = source[_taken_in_place(number, reach, rng)]
    shifts = np.divmod(source, cells[1]) - np.stack(np.divmod(number.ravel(), cells[1]))
    down, across = (
        cv2.resize(shift.reshape(cells).astype(np.float32), (width, height), interpolation=cv2.INTER_NEAREST) * size
        for shift in shifts
    )
    rows, columns = np.indices((height, width), dtype=np.float32)
    blurred = gaussian(pixels, sigma, size)
    found = cv2.remap(blurred, columns + across, rows + down, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REFLECT_101)
    return gaussian(np.asarray(found, np.uint8), sigma, size)


def _taken_in_place(number: NDArray[np.intp], reach: int, rng: np.random.Generator) -> NDArray[np.intp]:
    """For each cell, the one whose content it has after a round; a margin of `reach` cells takes nothing.

    A cell that takes from a later one (below, or right of it) takes what that one has taken. Such chains are followed
    by doubling: after n rounds of it, 2 ** n links.
    """
    height, width = number.shape
    own = number.ravel()
    numbers = number.copy()
    if height > 2 * reach + 1 and width > 2 * reach + 1:
        inner = slice(reach + 1, height - reach + 1), slice(reach + 1, width - reach + 1)
        down, across = rng.integers(-reach, reach, size=(2, *number[inner].shape))
        numbers[inner] += down * width + across
    taken = numbers.ravel()
    # A chain ends with a link to a cell that is changed later, or not at all.
    link = np.where(taken > own, taken, own)
    while True:
        farther = link[link]
        if np.array_equal(farther, link):
            return np.asarray(taken[link], np.intp)
        link = farther
