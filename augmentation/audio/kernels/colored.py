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
    """Noise of the same shape. A clip too long for the table is drawn, so nothing repeats within a clip."""
    frames, channels = samples.shape
    rng = _sfc(seed)
    if exact or frames * channels > TABLE_SIZE // 2:
        drawn = [shaped(rng.standard_normal((frames,), dtype=np.float32), color) for _ in range(channels)]
        return np.ascontiguousarray(np.stack(drawn, axis=1))
    # The channels read pieces that do not overlap: a common place, then one after the other, going round.
    start = int(rng.integers(TABLE_SIZE))
    piece = frames * channels
    table = noise_table(color)
    row = table[start : start + piece]
    if len(row) < piece:
        row = np.concatenate([row, table[: piece - len(row)]])
    return row.reshape(frames, 1) if channels == 1 else np.ascontiguousarray(row.reshape(channels, frames).T)


def _sfc(seed: int) -> np.random.Generator:
    return np.random.Generator(np.random.SFC64(seed))
