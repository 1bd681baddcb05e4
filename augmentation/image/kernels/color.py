"""Changes of color that need a pixel's channels together, or its neighbors."""

from __future__ import annotations

import cv2
import numpy as np
from cv2.typing import MatLike

from augmentation.image.frame import Pixels
from augmentation.image.kernels import tone

BGR = {"b": 0, "g": 1, "r": 2}


def turn_hue(pixels: Pixels, degrees: float) -> Pixels:
    """Hue of HSV plus `degrees`; saturation and value stay. In floats: in bytes, HSV and back is off by 9."""
    hsv = np.asarray(cv2.cvtColor(pixels[..., :3].astype(np.float32), cv2.COLOR_BGR2HSV), np.float32)
    hsv[..., 0] += np.float32(degrees % 360)  # the way back takes 0-720
    return _from_bgr(cv2.convertScaleAbs(cv2.cvtColor(hsv, cv2.COLOR_HSV2BGR)))


def saturate(pixels: Pixels, factor: float) -> Pixels:
    """luma + factor * (value - luma), with the luma of BT.601."""
    return np.asarray(cv2.addWeighted(pixels, factor, tone.gray(pixels), 1 - factor, 0), np.uint8)


def reorder(pixels: Pixels, order: str) -> Pixels:
    """`order` names the old channels that become red, green and blue: "rgb" changes nothing."""
    red, green, blue = (BGR[channel] for channel in order)
    result = np.empty_like(pixels)
    cv2.mixChannels([pixels], [result], [blue, 0, green, 1, red, 2, 3, 3])
    return result


def equalize(pixels: Pixels) -> Pixels:
    """Luma after the histogram of the whole image."""
    luma, red, blue = cv2.split(cv2.cvtColor(_bgr(pixels), cv2.COLOR_BGR2YCrCb))
    return _joined([cv2.equalizeHist(luma), red, blue])


def autocontrast(pixels: Pixels) -> Pixels:
    """Each channel from its least value to its largest becomes 0 to 255, rounded down as Pillow does."""
    least, largest = (limit(pixels[..., :3].reshape(-1, 3), axis=0).astype(np.float64) for limit in (np.min, np.max))
    table = np.tile(np.arange(256, dtype=np.uint8)[:, None], (1, 4))
    for channel in np.flatnonzero(largest > least):
        slope = 255 / (largest[channel] - least[channel])
        values = np.arange(256) * slope - least[channel] * slope
        table[:, channel] = np.clip(values.astype(np.int64), 0, 255)
    return np.asarray(cv2.LUT(pixels, table.reshape(1, 256, 4)), np.uint8)


def clahe(pixels: Pixels, clip_limit: float, tiles: int) -> Pixels:
    """Luma after the histograms of tiles x tiles parts; of fewer parts where the image has fewer pixels than that."""
    height, width = pixels.shape[:2]
    luma, red, blue = cv2.split(cv2.cvtColor(_bgr(pixels), cv2.COLOR_BGR2YCrCb))
    leveled = cv2.createCLAHE(clip_limit, (min(tiles, width), min(tiles, height))).apply(luma)
    return _joined([leveled, red, blue])


def _bgr(pixels: Pixels) -> Pixels:
    return np.asarray(cv2.cvtColor(pixels, cv2.COLOR_BGRA2BGR), np.uint8)


def _joined(channels: list[MatLike]) -> Pixels:
    return _from_bgr(cv2.cvtColor(cv2.merge(channels), cv2.COLOR_YCrCb2BGR))


def _from_bgr(bgr: MatLike) -> Pixels:
    return np.asarray(cv2.cvtColor(bgr, cv2.COLOR_BGR2BGRA), np.uint8)
