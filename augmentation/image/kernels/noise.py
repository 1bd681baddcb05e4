"""Gaussian noise, quickly: drawing it costs 8 to 20 JPEG encodes, reading a table of drawn values less than one.

Each row of the image reads the table at an offset of its own, so no two rows show the same noise and no tile repeats.
"""

from __future__ import annotations

from functools import lru_cache

import cv2
import numpy as np
from numpy.typing import NDArray

from augmentation.frame import Pixels

TABLE_SIZE = 1 << 20
TABLE_SEED = 20191101  # fixed for ever: another table would be other noise


@lru_cache(maxsize=8)
def noise_table(sigma: float) -> NDArray[np.int16]:
    """2^20 values of a normal distribution with this standard deviation, in 8-bit steps."""
    drawn = np.random.Generator(np.random.SFC64(TABLE_SEED)).standard_normal(TABLE_SIZE, dtype=np.float32)
    table: NDArray[np.int16] = np.rint(drawn * np.float32(sigma)).astype(np.int16)
    table.setflags(write=False)
    return table


@lru_cache(maxsize=8)
def _windows(sigma: float, length: int) -> NDArray[np.int16]:
    """Every run of `length` values of the table, as views."""
    return np.lib.stride_tricks.sliding_window_view(noise_table(sigma), length)


def table_noise(pixels: Pixels, sigma: float, seed: int) -> Pixels:
    """`pixels` plus noise out of the table, each row from its own offset. Values stay within 0-255."""
    height, width, channels = pixels.shape
    length = width * channels
    if length > TABLE_SIZE // 2:
        return exact_noise(pixels, sigma, seed)
    generator = np.random.Generator(np.random.SFC64(seed))
    offsets = generator.integers(0, TABLE_SIZE - length, size=height)
    noise = _windows(sigma, length)[offsets]
    return _add(pixels, noise)


def exact_noise(pixels: Pixels, sigma: float, seed: int) -> Pixels:
    """`pixels` plus noise that is drawn for every value."""
    height, width, channels = pixels.shape
    drawn = np.random.Generator(np.random.SFC64(seed)).standard_normal((height, width * channels), dtype=np.float32)
    return _add(pixels, np.rint(drawn * np.float32(sigma)).astype(np.int16))


def _add(pixels: Pixels, noise: NDArray[np.int16]) -> Pixels:
    flat = pixels.reshape(noise.shape)
    return np.asarray(cv2.add(flat, noise, dtype=cv2.CV_8U), np.uint8).reshape(pixels.shape)
