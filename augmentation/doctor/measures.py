"""What a picture is like as a picture: sharp or blurred, dark or bright, or blank."""

from __future__ import annotations

from itertools import pairwise
from typing import NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

SIDE = 512  # pixels of the longer side: blur that nobody sees at this size harms no training
TILES = 8

Gray = NDArray[np.uint8]


class Measures(NamedTuple):
    """`sharpness`: variance of the Laplacian by the variance of the brightness, where the picture is sharpest.
    `darkest`, `brightest`: the brightness, 0 to 255, that 1 % of the pixels are below, and 1 % above. `contrast`: how
    far apart the darkest and the brightest thousandth are.
    """

    sharpness: float
    darkest: float
    brightest: float
    contrast: float


def measures_of(gray: Gray) -> Measures:
    """Of a picture of height x width at any size."""
    small = shrunk(gray, SIDE)
    low, darkest, brightest, high = np.percentile(small, [0.1, 1, 99, 99.9])
    return Measures(_sharpness(small), float(darkest), float(brightest), float(high - low))


def shrunk(gray: Gray, side: int) -> Gray:
    """With at most `side` pixels in each direction; a smaller picture is not enlarged."""
    height, width = gray.shape
    ratio = side / max(height, width)
    if ratio >= 1:
        return gray
    size = (max(1, round(width * ratio)), max(1, round(height * ratio)))
    return np.asarray(cv2.resize(gray, size, interpolation=cv2.INTER_AREA), np.uint8)


def _sharpness(gray: Gray) -> float:
    """Pech-Pacheco and others, "Diatom autofocusing in brightfield microscopy", ICPR 2000: the variance of the
    Laplacian. It is taken of tiles, and that of the sharpest tenth counts: a plain wall behind a sharp object is no
    blur. Divided by the variance of the brightness there, it depends on no exposure and no contrast.
    """
    edges = cv2.Laplacian(gray, cv2.CV_32F)
    values = gray.astype(np.float32)
    found = [
        float(edges[place].var() / (values[place].var() + 1.0))
        for place in _tiles(*gray.shape)
        if values[place].var() > 25  # gray levels squared: what is plainer is noise
    ]
    return float(np.percentile(found, 90)) if found else 0.0


def _tiles(height: int, width: int) -> list[tuple[slice, slice]]:
    down, across = (np.linspace(0, length, min(TILES, length) + 1).astype(int) for length in (height, width))
    return [
        (slice(top, bottom), slice(left, right)) for top, bottom in pairwise(down) for left, right in pairwise(across)
    ]


def far_from_most(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """How far each value is from the median, in robust standard deviations: 1.4826 times the median of the absolute
    deviations (Rousseeuw and Croux, "Alternatives to the Median Absolute Deviation", JASA 1993). With no deviation of
    half of the values, all are 0 apart from the others."""
    apart = values - np.median(values)
    spread = 1.4826 * float(np.median(np.abs(apart)))
    return apart / spread if spread > 0 else np.where(apart == 0, 0.0, np.copysign(np.inf, apart))
