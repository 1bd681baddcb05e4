"""What the tests of corruptions look at."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

SIDE = 224


def point(side: int = SIDE) -> NDArray[np.uint8]:
    """Black with a white square of 1/28 of the side in the middle."""
    pixels = np.zeros((side, side, 4), np.uint8)
    start, end = side // 2 - side // 56, side // 2 + side // 56
    pixels[start:end, start:end] = 255
    return pixels


def spread(rgb: NDArray[np.uint8]) -> tuple[float, float]:
    """Standard deviations, across and down, of where the light is."""
    light = rgb.astype(float).sum(axis=2)
    found = []
    for axis in (0, 1):
        profile = light.sum(axis=axis)
        places = np.arange(len(profile))
        mean = (places * profile).sum() / profile.sum()
        found.append(float(np.sqrt(((places - mean) ** 2 * profile).sum() / profile.sum())))
    return found[0], found[1]
