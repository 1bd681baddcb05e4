"""Affine and perspective maps as 3 x 3 matrices in pixel coordinates (x, y, 1); several are applied as one warp.

The matrices are Python's floats: numpy takes longer for nine numbers than OpenCV for a row of pixels.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil, cos, hypot, radians, sin, tan
from typing import NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from augmentation.image.frame import Pixels
from augmentation.image.kernels.border import Fill, border_of
from augmentation.image.kernels.resize import HALVED_FROM, halved
from augmentation.image.kernels.sampling import points, read


class Matrix(NamedTuple):
    """The point (x, y) goes to (xx * x + xy * y + x0, yx * x + yy * y + y0), divided by wx * x + wy * y + w0."""

    xx: float
    xy: float
    x0: float
    yx: float
    yy: float
    y0: float
    wx: float = 0.0
    wy: float = 0.0
    w0: float = 1.0

    def __matmul__(self, first: Matrix) -> Matrix:
        """The map that does `first` and then this one."""
        a, b, c, d, e, f, g, h, i = self
        xx, xy, x0, yx, yy, y0, wx, wy, w0 = first
        if g == h == wx == wy == 0 and i == w0 == 1:
            return Matrix(
                a * xx + b * yx,
                a * xy + b * yy,
                a * x0 + b * y0 + c,
                d * xx + e * yx,
                d * xy + e * yy,
                d * x0 + e * y0 + f,
            )
        rows = ((a, b, c), (d, e, f), (g, h, i))
        columns = ((xx, yx, wx), (xy, yy, wy), (x0, y0, w0))
        return Matrix(*(p * u + q * v + r * w for p, q, r in rows for u, v, w in columns))

    def moved(self, x: float, y: float) -> tuple[float, float]:
        """Where the point goes."""
        w = self.wx * x + self.wy * y + self.w0
        return (self.xx * x + self.xy * y + self.x0) / w, (self.yx * x + self.yy * y + self.y0) / w

    def inverse(self) -> Matrix:
        """Of a map without perspective.

        Raises:
            ZeroDivisionError: it flattens the image to a line.
        """
        xx, xy, x0, yx, yy, y0 = self[:6]
        area = xx * yy - xy * yx
        xx, xy, yx, yy = yy / area, -xy / area, -yx / area, xx / area
        return Matrix(xx, xy, -xx * x0 - xy * y0, yx, yy, -yx * x0 - yy * y0)

    def array(self) -> NDArray[np.float64]:
        """3 x 3."""
        return np.array(self, np.float64).reshape(3, 3)


AFFINE = (0.0, 0.0, 1.0)
BORDERED_SIZE = 1 << 22  # bytes; of a larger image the copy would take more memory than it saves time
IDENTITY = Matrix(1.0, 0.0, 0.0, 0.0, 1.0, 0.0)
HALF = Matrix(0.5, 0.0, -0.25, 0.0, 0.5, -0.25)  # from middles of pixels to middles of pixels twice as wide
# One point does up to here: a photo shrunk by a third is 43 dB from Lanczos with one, and 44 with two a side.
SHRUNK = 4 / 3


def about_center(xx: float, xy: float, yx: float, yy: float, width: int, height: int) -> Matrix:
    """The 2 x 2 map, done around the middle of the image."""
    x, y = (width - 1) / 2, (height - 1) / 2
    return Matrix(xx, xy, x - (xx * x + xy * y), yx, yy, y - (yx * x + yy * y))


def rotation(degrees: float, width: int, height: int) -> Matrix:
    """Counter-clockwise on the screen, where y points down."""
    across, down = cos(radians(degrees)), sin(radians(degrees))
    return about_center(across, down, -down, across, width, height)


def rotated_size(degrees: float, width: int, height: int) -> tuple[int, int]:
    """The whole pixels, width and height, that hold the turned image."""
    across, down = abs(cos(radians(degrees))), abs(sin(radians(degrees)))
    # A quarter turn in floating point is some 1e-13 pixels too wide.
    return ceil(width * across + height * down - 1e-6), ceil(width * down + height * across - 1e-6)


def scaling(factor: float, width: int, height: int) -> Matrix:
    return about_center(factor, 0.0, 0.0, factor, width, height)


def mirroring(axis: str, width: int, height: int) -> Matrix:
    """`axis` "horizontal" exchanges left and right, "vertical" top and bottom."""
    across, down = (-1.0, 1.0) if axis == "horizontal" else (1.0, -1.0)
    return about_center(across, 0.0, 0.0, down, width, height)


def shearing(degrees: float, axis: str, width: int, height: int) -> Matrix:
    """Positive leans the top to the right ("horizontal") or raises the right side ("vertical")."""
    slant = -tan(radians(degrees))
    across, down = (slant, 0.0) if axis == "horizontal" else (0.0, slant)
    return about_center(1.0, across, down, 1.0, width, height)


def translation(right: float, down: float) -> Matrix:
    """By pixels."""
    return Matrix(1.0, 0.0, right, 0.0, 1.0, down)


def tilting(corners: Sequence[Sequence[float]], width: int, height: int) -> Matrix:
    """Moves the corners, clockwise from the top left, inward by shares of width and height."""
    old = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32)
    inward = np.array([[1, 1], [-1, 1], [-1, -1], [1, -1]], np.float32)
    new = old + inward * np.array(corners, np.float32) * np.array([width, height], np.float32)
    # The edges of the image lie half a pixel outside of the middles of its first and last pixels.
    return Matrix(*cv2.getPerspectiveTransform(old - 0.5, new - 0.5).ravel().tolist())


def warp(pixels: Pixels, matrix: Matrix, fill: Fill = "mirror", size: tuple[int, int] | None = None) -> Pixels:
    """Applies a map from old to new coordinates; `size` is (width, height) of the new image, if not the old one's.

    `fill` is what comes from outside. A pure mirroring moves whole pixels and is exact. Where the map shrinks the image
    by more than `SHRUNK`, several points are read for each new pixel (`sampling`).
    """
    height, width = pixels.shape[:2]
    size = size or (width, height)
    if size == (width, height):
        if matrix == IDENTITY:
            return pixels
        if matrix.xy == 0 and matrix.yx == 0:
            for code, axis in ((1, "horizontal"), (0, "vertical")):
                if matrix == mirroring(axis, width, height):
                    return np.asarray(cv2.flip(pixels, code), np.uint8)
    if matrix[6:] != AFFINE:
        shrinks = max(_steps(Matrix(*matrix[:6]).inverse())) > SHRUNK
        counts = (2, 2) if shrinks else (1, 1)
        back = np.asarray(np.linalg.inv(matrix.array()), np.float64)
        return read(pixels, back, size, counts, *border_of(fill))
    inverse = matrix.inverse()
    while min(_steps(inverse)) >= HALVED_FROM and min(pixels.shape[:2]) > 1:
        pixels, inverse = halved(pixels), HALF @ inverse
    return _affine(pixels, inverse, size, fill)


def _steps(back: Matrix) -> tuple[float, float]:
    """How many old pixels lie between one new pixel and the next, across and down."""
    return hypot(back.xx, back.yx), hypot(back.xy, back.yy)


def _affine(pixels: Pixels, back: Matrix, size: tuple[int, int], fill: Fill) -> Pixels:
    """OpenCV is a third slower where it looks outside of the image: so the border is laid around it first."""
    height, width = pixels.shape[:2]
    xx, xy, x0, yx, yy, y0 = back[:6]
    # What the new image shows of the old one: the middle, and how far it reaches from there.
    across, down = (size[0] - 1) / 2, (size[1] - 1) / 2
    left, right = _lacking(x0 + xx * across + xy * down, abs(xx) * across + abs(xy) * down, width)
    top, bottom = _lacking(y0 + yx * across + yy * down, abs(yx) * across + abs(yy) * down, height)
    kind, color = border_of(fill)
    if pixels.size > BORDERED_SIZE or left >= width or right >= width or top >= height or bottom >= height:
        left = top = 0
    elif left or right or top or bottom:
        bordered = cv2.copyMakeBorder(pixels, top, bottom, left, right, kind, value=(*color, 255))
        pixels = np.asarray(bordered, np.uint8)
    place = np.array(((xx, xy, x0 + left), (yx, yy, y0 + top), (0, 0, 1)))
    counts_across, counts_down = (points(step) if step > SHRUNK else 1 for step in _steps(back))
    return read(pixels, place, size, (counts_across, counts_down), kind, color)


def _lacking(middle: float, reach: float, size: int) -> tuple[int, int]:
    """Pixels before the first and behind the last one that an interpolation between `middle` +- `reach` looks at."""
    return max(0, ceil(reach - middle) + 1), max(0, ceil(middle + reach) + 2 - size)
