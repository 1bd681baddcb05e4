"""Noise, quickly: drawing normal values costs 8 to 20 JPEG encodes, reading a table of drawn values less than one."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import TypeVar

import cv2
import numpy as np
from cv2.typing import MatLike
from numpy.typing import NDArray

from augmentation.image.frame import Pixels
from augmentation.seeds import numpy_rng, rng_of

Entry = TypeVar("Entry", bound=np.generic)
TABLE_SIZE = 1 << 20
TABLE_SEED = 20191101  # fixed for ever: another table would be other noise
LEVELS = 1 << 16  # of the 16-bit number that is drawn for each value that may become black or white


@lru_cache(maxsize=8)
def noise_tables(sigma: float) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
    """2^20 values of a normal distribution with this standard deviation, in 8-bit steps: the rises, and the falls.

    Of a value one of the two is 0. Adding bytes to bytes takes OpenCV a quarter of the time that signed words take, and
    the sum is the same: what a byte cannot hold lies beyond black or white anyway.
    """
    values = np.rint(_normal_table() * np.float32(sigma))
    rises, falls = (np.clip(some, 0, 255).astype(np.uint8) for some in (values, -values))
    rises.setflags(write=False)
    falls.setflags(write=False)
    return rises, falls


@lru_cache(maxsize=8)
def factor_table(sigma: float) -> NDArray[np.float32]:
    """2^20 factors around 1 with this standard deviation; the normal values are those of `noise_tables`."""
    table: NDArray[np.float32] = 1 + _normal_table() * np.float32(sigma)
    table.setflags(write=False)
    return table


def _normal_table() -> NDArray[np.float32]:
    return numpy_rng(TABLE_SEED).standard_normal(TABLE_SIZE, dtype=np.float32)


def table_noise(pixels: Pixels, sigma: float, seed: int) -> Pixels:
    """`pixels` plus noise out of the table, each row from its own offset. Values stay within 0-255."""
    if not fits(pixels):
        return exact_noise(pixels, sigma, seed)
    rises, falls = rows_of(noise_tables(sigma), pixels, seed)
    flat = pixels.reshape(rises.shape)
    total = cv2.add(flat, rises)
    return np.asarray(cv2.subtract(total, falls, total), np.uint8).reshape(pixels.shape)


def exact_noise(pixels: Pixels, sigma: float, seed: int) -> Pixels:
    """`pixels` plus noise that is drawn for every value."""
    drawn = np.rint(_normal(pixels, seed) * np.float32(sigma)).astype(np.int16)
    return np.asarray(cv2.add(pixels.reshape(drawn.shape), drawn, dtype=cv2.CV_8U), np.uint8).reshape(pixels.shape)


def table_speckle(pixels: Pixels, sigma: float, seed: int) -> Pixels:
    """Each value times a factor out of the table. Values stay within 0-255."""
    if not fits(pixels):
        return exact_speckle(pixels, sigma, seed)
    (factors,) = rows_of((factor_table(sigma),), pixels, seed)
    return _multiply(pixels, factors)


def exact_speckle(pixels: Pixels, sigma: float, seed: int) -> Pixels:
    """Each value times a factor that is drawn for it."""
    return _multiply(pixels, 1 + _normal(pixels, seed) * np.float32(sigma))


def fits(pixels: Pixels) -> bool:
    """Whether a table has rows for this width, and enough places where they can begin."""
    return bool(pixels.shape[1] * pixels.shape[2] <= TABLE_SIZE // 2)


def rows_of(tables: Sequence[NDArray[Entry]], pixels: Pixels, seed: int) -> list[NDArray[Entry]]:
    """Of each table height x (width * channels) values, of which nothing may be changed: each row is another piece.

    The places are the same in all tables. As long as a table has a piece for each row, they follow one another at a
    distance that is drawn, and nothing is copied. The rows of a larger image begin at offsets of their own: no two of
    them are the same, no tile repeats.
    """
    height, width, channels = pixels.shape
    length, size = width * channels, tables[0].itemsize
    room = TABLE_SIZE - length
    if height * length <= room:
        rng = rng_of(seed)
        step = rng.randint(length, min(2 * length, room // height))  # near one another: memory is read ahead
        start = rng.randint(0, room - (height - 1) * step)
        where = (start * size, (step * size, size))
        return [np.ndarray((height, length), table.dtype, table, *where) for table in tables]
    starts = numpy_rng(seed).integers(0, room, size=height)
    pieces: list[NDArray[Entry]] = [
        np.ndarray((room, length), table.dtype, table, strides=(size, size)) for table in tables
    ]
    return [piece[starts] for piece in pieces]


def _normal(pixels: Pixels, seed: int) -> NDArray[np.float32]:
    height, width, channels = pixels.shape
    return numpy_rng(seed).standard_normal((height, width * channels), dtype=np.float32)


def _multiply(pixels: Pixels, factors: NDArray[np.float32]) -> Pixels:
    flat = pixels.reshape(factors.shape)
    return np.asarray(cv2.multiply(flat, factors, dtype=cv2.CV_8U), np.uint8).reshape(pixels.shape)


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
    drawn: NDArray[np.uint16] = numpy_rng(seed).integers(0, LEVELS, shape, dtype=np.uint16)
    return _mask(drawn < round(black * LEVELS)), _mask(drawn >= LEVELS - round(white * LEVELS))


def _mask(where: NDArray[np.bool_]) -> Pixels:
    return np.negative(where.view(np.uint8))  # 1 becomes 255


def _masked(pixels: Pixels, black: MatLike, white: MatLike) -> Pixels:
    return np.asarray(cv2.bitwise_or(cv2.subtract(pixels, black), white), np.uint8)
