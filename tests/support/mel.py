"""How far a stretched clip is from what it should sound like, in decibels."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from augmentation.audio.clip import Samples

BANDS, WINDOW_SECONDS, HOP_SECONDS = 40, 0.032, 0.008
RANGE = 1e-6  # of the loudest band's power: 60 dB below it nothing counts


def mel_distance(original: Samples, stretched: Samples, rate: int, factor: float) -> float:
    """Mean difference of mel spectra: each window of `stretched` and the original's where it should come from."""
    hop = round(rate * HOP_SECONDS)
    times = np.arange(0, len(stretched) - 1, hop)
    wanted, found = (_mel(some[:, 0], rate, at) for some, at in ((original, times * factor), (stretched, times)))
    floor = wanted.max() * RANGE
    return float(np.abs(10 * np.log10((wanted + floor) / (found + floor))).mean())


def _mel(mono: NDArray[np.int16], rate: int, centers: NDArray[np.floating]) -> NDArray[np.float64]:
    size = round(rate * WINDOW_SECONDS)
    padded = np.pad(mono.astype(np.float64), 4 * size)
    windows = np.stack([padded[start : start + size] for start in np.rint(centers).astype(int) + 4 * size - size // 2])
    return np.abs(np.fft.rfft(windows * np.hanning(size), axis=1)) ** 2 @ _filters(rate, size).T


def _filters(rate: int, size: int) -> NDArray[np.float64]:
    """Triangles, evenly spaced on the mel scale of O'Shaughnessy (1987)."""
    highest = 2595 * np.log10(1 + 0.475 * rate / 700)
    corners = 700 * (10 ** (np.linspace(2595 * np.log10(1 + 60 / 700), highest, BANDS + 2) / 2595) - 1)
    low, middle, high = (corners[start : start + BANDS, None] for start in range(3))
    hertz = np.fft.rfftfreq(size, 1 / rate)
    return np.asarray(np.maximum(0, np.minimum((hertz - low) / (middle - low), (high - hertz) / (high - middle))))
