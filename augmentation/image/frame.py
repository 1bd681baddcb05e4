"""The image between two steps.

Contract: `pixels` is height x width x 4, uint8, C-contiguous, in the order blue, green, red, unused (BGRX); four
channels because OpenCV warps them twice as fast as three. Kernels never write into the pixels they are given, unless
they are told where to write.
"""

from __future__ import annotations

from typing import NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

# One process a core: OpenCV's own threads would only fight over the cores. And it must be said before the first call: a
# forked child of a process in which those threads have run hangs for ever when it waits for them.
cv2.setNumThreads(1)

Pixels = NDArray[np.uint8]


class Box(NamedTuple):
    """A rectangle in pixel coordinates whose edges may lie between pixels."""

    left: float
    top: float
    width: float
    height: float


class LabeledBox(NamedTuple):
    """A bounding box on its way through the steps; `visible` is the share of the object's area that is left."""

    label: str
    box: Box
    visible: float = 1.0


class Frame(NamedTuple):
    """Pixels and the part of them that the photo fills: a JPEG decoded at 1/8 ends with a part of a pixel.

    `reduction`: how many pixels of the photo became one when it was decoded. `boxes` are in pixels of `pixels`.
    """

    pixels: Pixels
    box: Box
    reduction: int = 1
    boxes: tuple[LabeledBox, ...] = ()

    @classmethod
    def whole(cls, pixels: Pixels) -> Frame:
        height, width = pixels.shape[:2]
        return cls(pixels, Box(0, 0, width, height))
