"""A perceptual hash: pictures that differ in size, quality or a little light have nearly the same bits.

pHash (Zauner, "Implementation and Benchmarking of Perceptual Image Hash Functions", 2010) with 16 x 16 of the cosine
transform's lowest frequencies instead of 8 x 8: 64 bits cannot tell faces on one background from each other.
"""

from __future__ import annotations

import cv2
import numpy as np

from augmentation.image.frame import Box
from augmentation.image.kernels import resize
from augmentation.image.reading.reader import Target, read_image

SIDE, LOW = 64, 16
FLAT = 2.0  # standard deviation in gray levels; below it the bits would be noise


def fingerprint(data: bytes) -> str | None:
    """64 hexadecimal digits of the image in `data`, or None of one that is all one color.

    Raises:
        BadImage: `data` is no image that can be used.
    """
    frame = read_image(data, Target(SIDE, SIDE))
    height, width = frame.pixels.shape[:2]
    small = resize.sample(frame.pixels, Box(0, 0, width, height), SIDE, SIDE, reduced=frame.reduction > 1)
    gray = cv2.cvtColor(small, cv2.COLOR_BGRA2GRAY).astype(np.float32)
    if gray.std() < FLAT:
        return None
    low = np.asarray(cv2.dct(gray)[:LOW, :LOW], np.float32).ravel()
    bits = low > np.median(low[1:])
    bits[0] = False  # the mean brightness, which says nothing of what is in the picture
    return np.packbits(bits).tobytes().hex()
