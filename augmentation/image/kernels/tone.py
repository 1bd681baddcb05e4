"""Maps of single values: any number of them becomes one straight line, or one lookup table of 256 bytes."""

from __future__ import annotations

from typing import NamedTuple, Union

import cv2
import numpy as np
from numpy.typing import NDArray

from augmentation.image.frame import Pixels


class Line(NamedTuple):
    """A value becomes value * slope + offset, not yet rounded or clipped: half of the time that a table takes."""

    slope: float = 1.0
    offset: float = 0.0


Table = NDArray[np.float32]  # 256 values: what becomes of 0-255, not yet rounded or clipped
Curve = Union[Line, Table]  # noqa: UP007 - an alias at run time, on Python 3.10 too
STRAIGHT = Line()


def brighten_and_stretch(curve: Curve, brightness: float, contrast: float) -> Curve:
    """(value - middle gray) * (1 + contrast) + middle gray + brightness * 255."""
    return _on_line(curve, 1 + contrast, 255 * brightness - 127.5 * contrast)


def expose(curve: Curve, factor: float) -> Curve:
    """Each value times `factor`."""
    return _on_line(curve, factor, 0.0)


def gamma(curve: Curve, power: float) -> Curve:
    """White * (value / white) ** power. What an earlier curve drove out of 0-255 is clipped: it has no power."""
    return np.asarray(255 * (_within(curve) / 255) ** power, np.float32)


def sigmoid(curve: Curve, gain: float, cutoff: float) -> Curve:
    """The logistic curve 1 / (1 + exp(gain * (cutoff - share of white))), stretched so that 0 and 255 stay."""

    def logistic(share: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.asarray(1 / (1 + np.exp(gain * (cutoff - share))), np.float64)

    black, white = logistic(np.array([0.0, 1.0]))
    return np.asarray(255 * (logistic(_within(curve).astype(np.float64) / 255) - black) / (white - black), np.float32)


def negative(curve: Curve) -> Curve:
    """White minus each value."""
    return _on_line(curve, -1.0, 255.0)


def posterize(curve: Curve, bits: int) -> Curve:
    """The highest `bits` of 8 bits; the others become 0."""
    step = 1 << (8 - bits)
    return np.asarray(np.rint(_within(curve)) // step * step, np.float32)


def solarize(curve: Curve, threshold: float) -> Curve:
    """The negative of the values from `threshold` (share of white) on."""
    values = np.rint(_within(curve))
    return np.asarray(np.where(values >= round(255 * threshold), 255 - values, values), np.float32)


def _on_line(curve: Curve, slope: float, offset: float) -> Curve:
    if isinstance(curve, Line):
        return Line(curve.slope * slope, curve.offset * slope + offset)
    return np.asarray(curve * slope + offset, np.float32)


def _within(curve: Curve) -> Table:
    """As a table, clipped to 0-255."""
    if isinstance(curve, Line):
        curve = np.arange(256, dtype=np.float32) * np.float32(curve.slope) + np.float32(curve.offset)
    return np.asarray(np.clip(curve, 0, 255), np.float32)


def look_up(pixels: Pixels, curve: Curve, into: Pixels | None = None) -> Pixels:
    """What becomes of each value, rounded and clipped; in `into`, which may be `pixels`, where a line is drawn."""
    if isinstance(curve, Line):
        return np.asarray(cv2.addWeighted(pixels, curve.slope, pixels, 0, curve.offset, into), np.uint8)
    return np.asarray(cv2.LUT(pixels, np.rint(_within(curve)).astype(np.uint8)), np.uint8)


def gray(pixels: Pixels) -> Pixels:
    """Luma of BT.601 in all channels."""
    return np.asarray(cv2.cvtColor(cv2.cvtColor(pixels, cv2.COLOR_BGRA2GRAY), cv2.COLOR_GRAY2BGRA), np.uint8)
