"""Noise whose power falls or rises with the frequency: white, pink, brown, blue, violet."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from augmentation.audio.clip import Samples

# Power goes with frequency to this exponent, amplitude to half of it.
EXPONENTS = {"white": 0.0, "pink": -1.0, "brown": -2.0, "blue": 1.0, "violet": 2.0}
# Below this share of the rate power is flat: brown noise would be all inaudible rumble otherwise.
FLAT_BELOW = 1 / 800
TABLE_SIZE = 1 << 20
TABLE_SEED = 20191101  # fixed for ever: another table would be other noise
BLOCK = 4096  # of colored noise, a quarter of a second at 16 kHz: blending widens a frequency by 4 Hz
LEVEL = 3000.0  # root mean square: ten times as much still fits into 16 bits


@lru_cache(maxsize=8)
def noise_table(color: str) -> Samples:
    """2^20 frames that go round without a seam."""
    table = shaped(_sfc(TABLE_SEED).standard_normal(TABLE_SIZE, dtype=np.float32), color)
    table.setflags(write=False)
    return table


def shaped(white: NDArray[np.float32], color: str) -> Samples:
    """White noise with another spectrum, at the level of the table."""
    if EXPONENTS[color]:
        spectrum = np.fft.rfft(white)
        spectrum[0] = 0  # no constant part
        frequencies = np.maximum(np.fft.rfftfreq(len(white)), FLAT_BELOW).astype(np.float32)
        white = np.fft.irfft(spectrum * frequencies ** np.float32(EXPONENTS[color] / 2), len(white)).astype(np.float32)
    level = float(np.sqrt(np.mean(np.square(white, dtype=np.float64)))) or 1.0
    samples: Samples = np.rint(np.clip(white * np.float32(LEVEL / level), -32768, 32767)).astype(np.int16)
    return samples


def noise_like(samples: Samples, color: str, seed: int, *, exact: bool) -> Samples:
    """Noise of the same shape, and no other seed's: what two clips take from one place of the table differs in signs.

    A clip too long for the table is drawn, as `exact` demands it of all, so nothing repeats within a clip.
    """
    frames, channels = samples.shape
    rng = _sfc(seed)
    if exact or frames * channels > TABLE_SIZE // 2:
        drawn = [shaped(rng.standard_normal((frames,), dtype=np.float32), color) for _ in range(channels)]
        return np.ascontiguousarray(np.stack(drawn, axis=1))
    made = _flipped if color == "white" else _blended
    row = made(noise_table(color), frames * channels, rng)
    return row.reshape(frames, 1) if channels == 1 else np.ascontiguousarray(row.reshape(channels, frames).T)


def _flipped(table: Samples, length: int, rng: np.random.Generator) -> Samples:
    """Of one place, with the signs of another, which leaves white noise white."""
    starts = rng.integers(TABLE_SIZE, size=2)
    return _around(table, int(starts[0]), length) * _around(_sign_table(), int(starts[1]), length)


def _around(table: Samples, start: int, length: int) -> Samples:
    row = table[start : start + length]
    return row if len(row) == length else np.concatenate([row, table[: length - len(row)]])


@lru_cache(maxsize=1)
def _sign_table() -> Samples:
    signs = 2 * _sfc(TABLE_SEED + 1).integers(2, size=TABLE_SIZE, dtype=np.int16) - 1
    signs.setflags(write=False)
    return np.asarray(signs, np.int16)


def _blended(table: Samples, length: int, rng: np.random.Generator) -> Samples:
    """Of many places, each block with a place and a sign of its own, and blended at equal power into the next."""
    hop = BLOCK // 2
    count = length // hop + 2
    starts = rng.integers(TABLE_SIZE - BLOCK, size=count)
    signs = rng.integers(2, size=(count, 1)).astype(np.float32) * 2 - 1
    window = np.sin(np.pi / BLOCK * (np.arange(BLOCK) + 0.5)).astype(np.float32)
    blocks = np.lib.stride_tricks.sliding_window_view(table, BLOCK)[starts] * (signs * window)
    row = (blocks[:-1, hop:] + blocks[1:, :hop]).ravel()[:length]
    return np.asarray(np.rint(np.clip(row, -32768, 32767)), np.int16)


def _sfc(seed: int) -> np.random.Generator:
    return np.random.Generator(np.random.SFC64(seed))
