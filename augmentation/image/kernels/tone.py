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


def look_up(pixels: Pixels, curve: Curve) -> Pixels:
    table = np.clip(np.rint(curve), 0, 255).astype(np.uint8)
    return np.asarray(cv2.LUT(pixels, table), np.uint8)


def gray(pixels: Pixels) -> Pixels:
    """Luma of BT.601 in all channels."""
    return np.asarray(cv2.cvtColor(cv2.cvtColor(pixels, cv2.COLOR_BGRA2GRAY), cv2.COLOR_GRAY2BGRA), np.uint8)
