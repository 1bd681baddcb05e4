"""Affine and perspective maps as 3 x 3 matrices in pixel coordinates (x, y, 1); several are applied as one warp."""

from __future__ import annotations

from collections.abc import Sequence
from math import cos, radians, sin, tan

import cv2
import numpy as np
from numpy.typing import NDArray

from augmentation.frame import Pixels

Matrix = NDArray[np.float64]
IDENTITY: Matrix = np.eye(3)


def about_center(linear: Matrix, width: int, height: int) -> Matrix:
    """The 2 x 2 map `linear`, done around the middle of the image."""
    center = np.array([(width - 1) / 2, (height - 1) / 2])
    matrix = IDENTITY.copy()
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


def shearing(degrees: float, axis: str, width: int, height: int) -> Matrix:
    """Positive leans the top to the right ("horizontal") or raises the right side ("vertical")."""
    slant = -tan(radians(degrees))
    linear = [[1.0, slant], [0.0, 1.0]] if axis == "horizontal" else [[1.0, 0.0], [slant, 1.0]]
    return about_center(np.array(linear), width, height)


def translation(right: float, down: float) -> Matrix:
    """By pixels."""
    return np.array([[1.0, 0.0, right], [0.0, 1.0, down], [0.0, 0.0, 1.0]])


def tilting(corners: Sequence[Sequence[float]], width: int, height: int) -> Matrix:
    """Moves the corners, clockwise from the top left, inward by shares of width and height."""
    old = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32)
    inward = np.array([[1, 1], [-1, 1], [-1, -1], [1, -1]], np.float32)
    new = old + inward * np.array(corners, np.float32) * np.array([width, height], np.float32)
    # The edges of the image lie half a pixel outside of the middles of its first and last pixels.
    return np.asarray(cv2.getPerspectiveTransform(old - 0.5, new - 0.5), np.float64)


def warp(pixels: Pixels, matrix: Matrix) -> Pixels:
    """Applies a map from old to new coordinates; what comes from outside shows the mirrored image, not a black corner.

    A pure mirroring moves whole pixels and is exact.
    """
    height, width = pixels.shape[:2]
    if np.array_equal(matrix, IDENTITY):
        return pixels
    if matrix[0, 1] == 0 and matrix[1, 0] == 0:
        for code, axis in ((1, "horizontal"), (0, "vertical")):
            if np.array_equal(matrix, mirroring(axis, width, height)):
                return np.asarray(cv2.flip(pixels, code), np.uint8)
    outside = cv2.BORDER_REFLECT_101
    if np.array_equal(matrix[2], IDENTITY[2]):
        warped = cv2.warpAffine(pixels, matrix[:2], (width, height), flags=cv2.INTER_LINEAR, borderMode=outside)
    else:
        warped = cv2.warpPerspective(pixels, matrix, (width, height), flags=cv2.INTER_LINEAR, borderMode=outside)
    return np.asarray(warped, np.uint8)
