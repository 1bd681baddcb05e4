"""Values or pixels that became black or white. One 16-bit number is drawn for each: that is quick enough."""

from __future__ import annotations

import cv2
import numpy as np
from cv2.typing import MatLike
from numpy.typing import NDArray

from augmentation.frame import Pixels

LEVELS = 1 << 16


def impulses(pixels: Pixels, amount: float, seed: int) -> Pixels:
    """The share `amount` of all values becomes 0 or 255, as often the one as the other, each channel by itself."""
    height, width, channels = pixels.shape
    black, white = _masks((height, width * channels), amount / 2, amount / 2, seed)
    return _masked(pixels, black.reshape(pixels.shape), white.reshape(pixels.shape))


def salt_and_pepper(pixels: Pixels, amount: float, salt: float, seed: int) -> Pixels:
    """The share `amount` of all pixels becomes white or black; `salt` is the white ones' share of them."""
    black, white = _masks(pixels.shape[:2], amount * (1 - salt), amount * salt, seed)
    channels = pixels.shape[2]
    return _masked(pixels, cv2.merge([black] * channels), cv2.merge([white] * channels))


def _masks(shape: tuple[int, ...], black: float, white: float, seed: int) -> tuple[Pixels, Pixels]:
    """255 where a value becomes black, and where it becomes white; never both."""
    drawn: NDArray[np.uint16] = np.random.Generator(np.random.SFC64(seed)).integers(0, LEVELS, shape, dtype=np.uint16)
    return _mask(drawn < round(black * LEVELS)), _mask(drawn >= LEVELS - round(white * LEVELS))


def _mask(where: NDArray[np.bool_]) -> Pixels:
    return np.negative(where.view(np.uint8))  # 1 becomes 255


def _masked(pixels: Pixels, black: MatLike, white: MatLike) -> Pixels:
    return np.asarray(cv2.bitwise_or(cv2.subtract(pixels, black), white), np.uint8)
