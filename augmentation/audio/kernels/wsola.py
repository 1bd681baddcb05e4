"""Time and pitch apart from each other: waveform similarity overlap-add (Verhelst and Roelands 1993).

Two things are added. Similarity is a normalized correlation, and of places that are alike the one counts that is
nearest to where the window should be: else the loudest wins, or one period of a voice as soon as another. And windows
do not jump where something begins suddenly, so that it is heard once: not twice if slowed down, nor never if sped up.
"""

from __future__ import annotations

import sys
from bisect import bisect_right
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from augmentation.audio.clip import Samples
from augmentation.audio.kernels.onsets import onsets
from augmentation.audio.kernels.spectrum import resampled

# Chosen by the distance of mel spectra to those of the clip and by the purity of tones (docs/audio.md).
WINDOW_SECONDS = 0.025
SEARCH_SECONDS = 0.011  # each way, less than half a window: within 22 ms lies a period of any voice
DETOUR = 0.3  # of a correlation, that the edge of the search must be more alike than the place itself
LEAD_SECONDS, TAIL_SECONDS = 0.002, 0.004  # before and after an onset, that belong to it
LATEST_SECONDS = 0.08  # behind or ahead of time; then a window jumps over an onset as well


class _Windows(NamedTuple):
    """Lengths in frames: half a window, the search each way, and how late a window may be."""

    hop: int
    search: int
    latest: int


class _Held(NamedTuple):
    """Frames where what may not be jumped into, over or out of starts and ends."""

    starts: list[int]
    ends: list[int]


def stretched(samples: Samples, rate: int, factor: float) -> Samples:
    """`factor` times as fast at the same pitch: round(frames / factor) frames, at least one."""
    wanted = max(1, round(len(samples) / factor))
    if wanted == len(samples):
        return samples
    hop = max(2, round(rate * WINDOW_SECONDS / 2))
    windows = _Windows(hop, max(1, round(rate * SEARCH_SECONDS)), round(rate * LATEST_SECONDS))
    # Around the clip stands silence, so that every window and every search lies inside.
    margin = hop + windows.search
    padded = np.pad(samples.astype(np.float32), ((margin, 2 * hop + margin), (0, 0)))
    mono = padded.mean(axis=1)
    begins = onsets(mono[margin:-margin], rate) + margin
    held = _Held(*((begins + round(rate * seconds)).tolist() for seconds in (-LEAD_SECONDS, TAIL_SECONDS)))
    ideal = np.rint((np.arange(-(-wanted // hop) + 2) - 1) * hop * factor).astype(int) + margin
    places = _places(mono, windows, np.clip(ideal, windows.search, len(mono) - 2 * hop - windows.search), held)
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


def _places(mono: NDArray[np.float32], windows: _Windows, ideal: NDArray[np.intp], held: _Held) -> list[int]:
    """Where each window reads: near `ideal`, and there where it goes on as the window before would have."""
    hop, search, latest = windows
    last = len(mono) - 2 * hop
    energy = np.concatenate([[0], np.cumsum(np.square(mono, dtype=np.float64))])
    scale = 1 / np.sqrt(energy[hop:] - energy[:-hop] + hop)  # one by rounding, so that silence is like nothing
    detour = DETOUR * np.square(np.arange(-search, search + 1) / search)
    places = [int(ideal[0])]
    for wish in ideal[1:].tolist():
        after = min(places[-1] + hop, last)
        low, high = _free(after, held, hop) if abs(wish - after) < latest else (0, last)
        if high < after:
            places.append(after)  # the window before has begun to read an onset: on to its end
            continue
        center = min(max(wish, low), high)
        first, final = max(low, center - search), min(high, center + search, last)
        alike = np.correlate(mono[first : final + hop], mono[after : after + hop] * scale[after], "valid")
        alike = alike * scale[first : final + 1]
        alike = np.where(
            _is_peak(alike), alike - detour[first - center + search : final - center + search + 1], -np.inf
        )
        places.append(first + int(np.argmax(alike)))
    return places


def _is_peak(values: NDArray[np.floating]) -> NDArray[np.bool]:
    """Not less than its neighbors: beside a peak a window would be out of step, and the pitch with it."""
    peak = np.ones(len(values), np.bool)
    peak[1:] = values[1:] >= values[:-1]
    peak[:-1] &= values[:-1] >= values[1:]
    return peak


def _free(after: int, held: _Held, hop: int) -> tuple[int, int]:
    """From where to where a window may jump that would go on at `after`: behind one onset, and all before the next.

    The two windows are blended from `after` on, over one hop. Where the later window reads from further on, what lies
    between is left out; where from further back, it comes again.
    """
    number = bisect_right(held.ends, after)
    low = held.ends[number - 1] if number else 0
    return low, held.starts[number] - hop if number < len(held.starts) else sys.maxsize
