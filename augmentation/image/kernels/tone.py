"""Maps of single values: any number of them becomes one lookup table of 256 bytes."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from augmentation.frame import Pixels

Curve = NDArray[np.float32]  # 256 values: what becomes of 0-255, not yet rounded


def straight() -> Curve:
    """The curve that changes nothing."""
    return np.arange(256, dtype=np.float32)


def brighten_and_stretch(curve: Curve, brightness: float, contrast: float) -> Curve:
    """(value - middle gray) * (1 + contrast) + middle gray + brightness * 255."""
    return np.asarray((curve - 127.5) * (1 + contrast) + 127.5 + 255 * brightness, np.float32)


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
    return np.asarray(255 - curve, np.float32)


def posterize(curve: Curve, bits: int) -> Curve:
    """The highest `bits` of 8 bits; the others become 0."""
    step = 1 << (8 - bits)
    return np.asarray(np.rint(_within(curve)) // step * step, np.float32)


def solarize(curve: Curve, threshold: float) -> Curve:
    """The negative of the values from `threshold` (share of white) on."""
    values = np.rint(_within(curve))
    return np.asarray(np.where(values >= round(255 * threshold), 255 - values, values), np.float32)


def _within(curve: Curve) -> Curve:
    return np.asarray(np.clip(curve, 0, 255), np.float32)


def look_up(pixels: Pixels, curve: Curve) -> Pixels:
    table = np.clip(np.rint(curve), 0, 255).astype(np.uint8)
    return np.asarray(cv2.LUT(pixels, table), np.uint8)


def gray(pixels: Pixels) -> Pixels:
    """Luma of BT.601 in all channels."""
    return np.asarray(cv2.cvtColor(cv2.cvtColor(pixels, cv2.COLOR_BGRA2GRAY), cv2.COLOR_GRAY2BGRA), np.uint8)
