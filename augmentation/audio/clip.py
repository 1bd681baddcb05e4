"""The sound between two steps.

Contract: `samples` is frames x channels, int16, C-contiguous. Kernels never write into the samples they are given.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Samples = NDArray[np.int16]


class Clip(NamedTuple):
    """Samples, and how many frames are a second."""

    samples: Samples
    rate: int

    @property
    def seconds(self) -> float:
        return len(self.samples) / self.rate
