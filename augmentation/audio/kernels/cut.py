"""Pieces of a clip, and silence around it."""

from __future__ import annotations

import numpy as np

from augmentation.audio.clip import Samples

BLOCK_SECONDS = 0.01


def moved(samples: Samples, frames: int, *, rollover: bool) -> Samples:
    """Later by `frames`, earlier when below 0; silence comes in, or what went out at the other end."""
    if rollover:
        return np.roll(samples, frames, axis=0)
    found = np.zeros_like(samples)
    if frames >= 0:
        found[frames:] = samples[: len(samples) - frames]
    else:
        found[:frames] = samples[-frames:]
    return found


def trimmed(samples: Samples, rate: int, threshold_db: float, margin: float) -> Samples:
    """Without a start and an end in which no block of 10 ms is louder than the loudest less `threshold_db`."""
    size = max(1, round(rate * BLOCK_SECONDS))
    starts = np.arange(0, len(samples), size)
    squares = np.add.reduceat(np.square(samples, dtype=np.float64).mean(axis=1), starts)
    levels = squares / np.diff(np.append(starts, len(samples)))
    loud = np.flatnonzero(levels > levels.max() * 10 ** (-threshold_db / 10))
    if not len(loud):
        return samples
    more = round(rate * margin)
    return samples[max(0, int(starts[loud[0]]) - more) : int(starts[loud[-1]]) + size + more]


def fitted(samples: Samples, frames: int) -> Samples:
    """The middle `frames`, or silence on both sides; where the sides cannot be equal, the first is shorter."""
    extra = len(samples) - frames
    if extra >= 0:
        return samples[extra // 2 : extra // 2 + frames]
    return np.pad(samples, ((-extra // 2, -extra - -extra // 2), (0, 0)))
