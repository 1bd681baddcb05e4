"""Normal noise, quickly: drawing it costs 8 to 20 JPEG encodes, reading a table of drawn values less than one.

Each row of the image reads the table at an offset of its own, so no two rows show the same noise and no tile repeats.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TypeVar

import cv2
import numpy as np
from numpy.typing import NDArray

from augmentation.frame import Pixels

Entry = TypeVar("Entry", bound=np.generic)
TABLE_SIZE = 1 << 20
TABLE_SEED = 20191101  # fixed for ever: another table would be other noise


@lru_cache(maxsize=8)
def noise_table(sigma: float) -> NDArray[np.int16]:
    """2^20 values of a normal distribution with this standard deviation, in 8-bit steps."""
    table: NDArray[np.int16] = np.rint(_normal_table() * np.float32(sigma)).astype(np.int16)
    table.setflags(write=False)
    return table


@lru_cache(maxsize=8)
def _windows(sigma: float, length: int) -> NDArray[np.int16]:
    """Every run of `length` values of the table, as views."""
    return np.lib.stride_tricks.sliding_window_view(noise_table(sigma), length)


@lru_cache(maxsize=8)
def factor_table(sigma: float) -> NDArray[np.float32]:
    """2^20 factors around 1 with this standard deviation; the normal values are those of `noise_table`."""
    table: NDArray[np.float32] = 1 + _normal_table() * np.float32(sigma)
    table.setflags(write=False)
    return table


def _normal_table() -> NDArray[np.float32]:
    return _generator(TABLE_SEED).standard_normal(TABLE_SIZE, dtype=np.float32)


def table_noise(pixels: Pixels, sigma: float, seed: int) -> Pixels:
    """`pixels` plus noise out of the table, each row from its own offset. Values stay within 0-255."""
    if not fits(pixels):
        return exact_noise(pixels, sigma, seed)
    return _add(pixels, _picked(_windows(sigma, pixels.shape[1] * pixels.shape[2]), pixels, seed))


def exact_noise(pixels: Pixels, sigma: float, seed: int) -> Pixels:
    """`pixels` plus noise that is drawn for every value."""
    return _add(pixels, np.rint(_normal(pixels, seed) * np.float32(sigma)).astype(np.int16))


def table_speckle(pixels: Pixels, sigma: float, seed: int) -> Pixels:
    """Each value times a factor out of the table. Values stay within 0-255."""
    if not fits(pixels):
        return exact_speckle(pixels, sigma, seed)
    return _multiply(pixels, rows_of(factor_table(sigma), pixels, seed))


def exact_speckle(pixels: Pixels, sigma: float, seed: int) -> Pixels:
    """Each value times a factor that is drawn for it."""
    return _multiply(pixels, 1 + _normal(pixels, seed) * np.float32(sigma))


def fits(pixels: Pixels) -> bool:
    """Whether a table has rows for this width, and enough places where they can begin."""
    return pixels.shape[1] * pixels.shape[2] <= TABLE_SIZE // 2


def rows_of(table: NDArray[Entry], pixels: Pixels, seed: int) -> NDArray[Entry]:
    """height x (width * channels) values: each row a piece of the table that begins at an offset of its own."""
    length = pixels.shape[1] * pixels.shape[2]
    return _picked(np.lib.stride_tricks.sliding_window_view(table, length), pixels, seed)


def _picked(windows: NDArray[Entry], pixels: Pixels, seed: int) -> NDArray[Entry]:
    height, width, channels = pixels.shape
    return windows[_generator(seed).integers(0, TABLE_SIZE - width * channels, size=height)]


def _normal(pixels: Pixels, seed: int) -> NDArray[np.float32]:
    height, width, channels = pixels.shape
    return _generator(seed).standard_normal((height, width * channels), dtype=np.float32)


def _generator(seed: int) -> np.random.Generator:
    return np.random.Generator(np.random.SFC64(seed))


def _add(pixels: Pixels, noise: NDArray[np.int16]) -> Pixels:
    flat = pixels.reshape(noise.shape)
    return np.asarray(cv2.add(flat, noise, dtype=cv2.CV_8U), np.uint8).reshape(pixels.shape)


def _multiply(pixels: Pixels, factors: NDArray[np.float32]) -> Pixels:
    flat = pixels.reshape(factors.shape)
    return np.asarray(cv2.multiply(flat, factors, dtype=cv2.CV_8U), np.uint8).reshape(pixels.shape)
