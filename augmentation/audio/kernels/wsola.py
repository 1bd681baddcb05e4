"""Time and pitch apart from each other: waveform similarity overlap-add (Verhelst and Roelands 1993)."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from augmentation.audio.clip import Samples
from augmentation.audio.kernels.spectrum import resampled

WINDOW_SECONDS = 0.04  # a few periods of a voice, and short enough for its syllables
SEARCH_SECONDS = 0.0125  # a period of 80 Hz: within it there is a place where the waves meet


def stretched(samples: Samples, rate: int, factor: float) -> Samples:
    """`factor` times as fast at the same pitch: round(frames / factor) frames, at least one."""
    wanted = max(1, round(len(samples) / factor))
    if wanted == len(samples):
        return samples
    hop = max(2, round(rate * WINDOW_SECONDS / 2))
    search = max(1, round(rate * SEARCH_SECONDS))
    # Around the clip stands silence, so that every window and every search lies inside.
    padded = np.pad(samples.astype(np.float32), ((hop + search, 3 * hop + search), (0, 0)))
    places = _places(padded.mean(axis=1), hop, search, factor, -(-wanted // hop) + 2)
    window = np.hanning(2 * hop + 1)[:-1].astype(np.float32)[:, None]
    made = np.zeros(((len(places) + 1) * hop, samples.shape[1]), np.float32)
    for number, place in enumerate(places):
        made[number * hop : (number + 2) * hop] += window * padded[place : place + 2 * hop]
    found = made[hop : hop + wanted]  # the first half window is a fade
    return np.ascontiguousarray(np.rint(np.clip(found, -32768, 32767)).astype(np.int16))


def shifted(samples: Samples, rate: int, semitones: float) -> Samples:
    """The same length, `semitones` higher: made longer by the pitch's factor, then played faster by it."""
    longer = stretched(samples, rate, 2 ** (-semitones / 12))
    return resampled(longer, len(samples) / len(longer))


def _places(mono: NDArray[np.float32], hop: int, search: int, factor: float, count: int) -> list[int]:
    """Where each window reads: near where it should, and there where it goes on as the window before would have."""
    places: list[int] = []
    last = len(mono) - 2 * hop
    for number in range(count):
        ideal = min(round((number - 1) * hop * factor) + hop + search, last - search)
        ideal = max(search, ideal)
        if not places:
            places.append(ideal)
            continue
        after = min(places[-1] + hop, last)
        wanted = mono[after : after + 2 * hop]
        likeness = np.correlate(mono[ideal - search : ideal + search + 2 * hop], wanted, "valid")
        places.append(ideal - search + int(np.argmax(likeness)))
    return places
