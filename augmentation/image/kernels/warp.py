"""Affine maps as 3 x 3 matrices in pixel coordinates (x, y, 1); several are multiplied and applied as one warp."""

from __future__ import annotations

from math import cos, radians, sin

import cv2
import numpy as np
from numpy.typing import NDArray

from augmentation.frame import Pixels

Matrix = NDArray[np.float64]
IDENTITY: Matrix = np.eye(3)


def about_center(linear: Matrix, width: int, height: int) -> Matrix:
    """The 2 x 2 map `linear`, done around the middle of the image."""
    center = np.array([(width - 1) / 2, (height - 1) / 2])
    matrix = np.eye(3)
    matrix[:2, :2] = linear
    matrix[:2, 2] = center - linear @ center
    return matrix


def rotation(degrees: float, width: int, height: int) -> Matrix:
    """Counter-clockwise on the screen, where y points down."""
    angle = radians(degrees)
    return about_center(np.array([[cos(angle), sin(angle)], [-sin(angle), cos(angle)]]), width, height)


def scaling(factor: float, width: int, height: int) -> Matrix:
    return about_center(np.array([[factor, 0.0], [0.0, factor]]), width, height)


def mirroring(axis: str, width: int, height: int) -> Matrix:
    """`axis` "horizontal" exchanges left and right, "vertical" top and bottom."""
    signs = (-1.0, 1.0) if axis == "horizontal" else (1.0, -1.0)
    return about_center(np.diag(signs), width, height)


def warp(pixels: Pixels, matrix: Matrix) -> Pixels:
    """Applies a map from old to new coordinates; what comes from outside shows the mirrored image, not a black corner.

    A pure mirroring moves whole pixels and is exact.
    """
    height, width = pixels.shape[:2]
    if np.array_equal(matrix, IDENTITY):
        return pixels
    for code, axis in ((1, "horizontal"), (0, "vertical")):
        if np.array_equal(matrix, mirroring(axis, width, height)):
            return np.asarray(cv2.flip(pixels, code), np.uint8)
    warped = cv2.warpAffine(
        pixels, matrix[:2], (width, height), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REFLECT_101
    )
    return np.asarray(warped, np.uint8)
