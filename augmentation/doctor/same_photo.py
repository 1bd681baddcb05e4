"""Whether two pictures show the same photo, of which one may be a part, scaled or turned.

Points that look alike (SIFT: Lowe, "Distinctive Image Features from Scale-Invariant Keypoints", IJCV 2004; compared as
RootSIFT, Arandjelović and Zisserman, CVPR 2012) give a similarity transform (RANSAC). What it lays upon the other
picture must then agree with it pixel for pixel, by normalized cross-correlation: two shirts with the same print have
many points alike, and folds that differ.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property, lru_cache
from pathlib import Path
from typing import NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from augmentation.doctor.look import gray_of
from augmentation.doctor.measures import Gray, shrunk
from augmentation.errors import BadFile
from augmentation.files import read_file
from augmentation.image.reading.limits import MAX_BYTES
from augmentation.processes import chunked, default_processes, in_processes

SIDE, POINTS = 256, 250
RATIO = 0.8  # of the distances to the nearest and the second nearest point (Lowe, section 7.1)
INLIERS, WITHIN = 6, 3.0  # points that agree on the transform, within so many pixels
# Measured (docs/doctor.md): parts of one photo correlate by 0.966 at least, other photos by 0.944 at most.
CORRELATION = 0.95
PART = 0.2  # of the smaller picture, at least, that both must show
CHUNK = 64
REMEMBERED = 512  # pictures, with 200 kB each

Pair = tuple[str, str]


class Points(NamedTuple):
    """`places`: n x 2, x and y in pixels of `gray`; `looks`: n x 128, each of length 1."""

    gray: Gray
    places: NDArray[np.float32]
    looks: NDArray[np.float32]


def alike(folder: Path, pairs: list[Pair], processes: int | None = None) -> dict[Pair, float]:
    """Those of the `pairs` of files below `folder` that show the same photo, each with its correlation."""
    look = _Pairs(folder)
    found = in_processes(look.compare, chunked(pairs, CHUNK), processes or default_processes(), lambda _: 0.0)
    return {pair: score for pair, score in zip(pairs, found, strict=True) if score}


class _Pairs:
    """Compares in a process of its own, which remembers the points of the last pictures."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def compare(self, pairs: list[Pair]) -> list[float]:
        return [correlation(self._points(left), self._points(right)) for left, right in pairs]

    @cached_property
    def _points(self) -> Callable[[str], Points]:
        return lru_cache(maxsize=REMEMBERED)(self._points_of)

    def _points_of(self, name: str) -> Points:
        try:
            return points_of(gray_of(read_file(self._folder / name, MAX_BYTES), SIDE))
        except (BadFile, OSError):
            return points_of(np.zeros((1, 1), np.uint8))


def points_of(gray: Gray) -> Points:
    small = shrunk(gray, SIDE)
    places, looks = cv2.SIFT.create(nfeatures=POINTS, contrastThreshold=0.02).detectAndCompute(small, None)
    if looks is None:
        return Points(small, np.zeros((0, 2), np.float32), np.zeros((0, 128), np.float32))
    rooted = np.sqrt(looks / np.maximum(looks.sum(axis=1, keepdims=True), 1e-9))
    return Points(small, np.array([one.pt for one in places], np.float32), rooted)


def correlation(left: Points, right: Points) -> float:
    """Of the pixels that both show, 0.95 to 1; 0 if they are not of one photo."""
    first, second = _matches(left.looks, right.looks)
    if len(first) < INLIERS:
        return 0.0
    cv2.setRNGSeed(0)
    found, agree = cv2.estimateAffinePartial2D(
        left.places[first], right.places[second], ransacReprojThreshold=WITHIN, maxIters=500
    )
    if found is None or np.count_nonzero(agree) < INLIERS:
        return 0.0
    score = _laid_upon(left.gray, right.gray, np.asarray(found, np.float64))
    return score if score >= CORRELATION else 0.0


def _matches(left: NDArray[np.float32], right: NDArray[np.float32]) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Places of points that are each other's nearest, and much nearer than the second nearest."""
    if min(len(left), len(right)) < INLIERS:
        return np.zeros(0, np.intp), np.zeros(0, np.intp)
    cosines = left @ right.T
    rows, best = np.arange(len(left)), cosines.argmax(axis=1)
    second, first = np.partition(cosines, -2, axis=1)[:, -2:].T
    near = (1 - first) < RATIO**2 * (1 - second)  # squared distances of vectors of length 1
    kept = near & (cosines.argmax(axis=0)[best] == rows)
    return rows[kept], best[kept]


def _laid_upon(left: Gray, right: Gray, transform: NDArray[np.float64]) -> float:
    size = right.shape[::-1]
    warped = cv2.warpAffine(left, transform, size)
    both = cv2.warpAffine(np.full_like(left, 255), transform, size) == 255
    if np.count_nonzero(both) < PART * min(left.size, right.size):
        return 0.0
    ours, theirs = (pixels[both].astype(np.float64) - pixels[both].mean() for pixels in (warped, right))
    power = np.sqrt((ours @ ours) * (theirs @ theirs))
    return float(ours @ theirs / power) if power else 0.0
