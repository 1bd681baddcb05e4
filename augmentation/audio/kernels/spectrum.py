"""What is done on the spectrum of a whole clip: resampling without aliases, and filters without delay.

The Fourier transform takes a clip for a circle. So a mirrored stretch is put on both ends before, and cut off after.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from augmentation.audio.clip import Samples

MARGIN = 512  # frames at each end
Signal = NDArray[np.float32]


def resampled(samples: Samples, factor: float) -> Samples:
    """round(frames * factor) frames, at least one. What the new rate cannot hold is taken out: the spectrum is cut."""
    frames = len(samples)
    wanted = max(1, round(frames * factor))
    if wanted == frames:
        return samples
    padded = _mirrored(samples, round(MARGIN / min(1.0, factor)))
    # The padded length is rounded, so the frequencies are right to one part in twice that length.
    length = max(1, round(len(padded) * factor))
    spectrum = np.fft.rfft(padded, axis=0)
    kept = min(len(spectrum), length // 2 + 1)
    found = np.fft.irfft(spectrum[:kept], length, axis=0) * np.float32(length / len(padded))
    start = round((len(padded) - frames) // 2 * length / len(padded))
    found = found[start : start + wanted]
    return _sixteen_bits(np.pad(found, ((0, wanted - len(found)), (0, 0)), mode="edge"))


def band_passed(samples: Samples, rate: int, low: float, high: float) -> Samples:
    """Frequencies in hertz. Butterworth of 4th order, only its magnitude: 3 dB less at `low` and `high`, no delay."""
    padded = _mirrored(samples, max(MARGIN, round(4 * rate / low)))
    spectrum = np.fft.rfft(padded, axis=0)
    frequencies = np.fft.rfftfreq(len(padded), 1 / rate)
    with np.errstate(divide="ignore"):
        above = 1 / np.sqrt(1 + (low / frequencies) ** 8)
    below = 1 / np.sqrt(1 + (frequencies / high) ** 8)
    found = np.fft.irfft(spectrum * (above * below).astype(np.float32)[:, None], len(padded), axis=0)
    start = (len(padded) - len(samples)) // 2
    return _sixteen_bits(found[start : start + len(samples)])


def _mirrored(samples: Samples, margin: int) -> Signal:
    """With a mirrored stretch at both ends, as far as the clip is long enough."""
    width = min(margin, len(samples) - 1)
    return np.pad(samples.astype(np.float32), ((width, width), (0, 0)), mode="reflect")


def _sixteen_bits(signal: NDArray[np.floating]) -> Samples:
    return np.ascontiguousarray(np.rint(np.clip(signal, -32768, 32767)).astype(np.int16))
