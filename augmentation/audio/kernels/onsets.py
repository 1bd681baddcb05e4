"""Where something begins suddenly: a click, a plosive, a beat."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

BLOCK_SECONDS = 0.002
BEFORE = 10  # blocks that the level of what was there before is taken from
RISE = 20.0  # times that power: 13 dB
FAINTEST = 1e-4  # of the loudest block; what is softer is not missed
APART = 5  # blocks within which two are one


def onsets(mono: NDArray[np.float32], rate: int) -> NDArray[np.intp]:
    """Frames, in order: the starts of blocks whose power is suddenly high, by differences of neighboring samples.

    Differences, since a beginning is wide in frequency, and what goes on is mostly low.
    """
    size = max(1, round(rate * BLOCK_SECONDS))
    count = len(mono) // size
    if count < 2:
        return np.zeros(0, np.intp)
    differences = np.diff(mono[: count * size], prepend=mono[:1])
    power = np.square(differences, dtype=np.float64).reshape(count, size).mean(axis=1)
    until = np.concatenate([[0], np.cumsum(power)])
    block = np.arange(1, count)
    first = np.maximum(0, block - BEFORE)
    before = (until[block] - until[first]) / (block - first)
    sudden = block[(power[1:] > RISE * before) & (power[1:] > FAINTEST * power.max())]
    return np.asarray(sudden[np.diff(sudden, prepend=-APART - 1) > APART] * size, np.intp)
