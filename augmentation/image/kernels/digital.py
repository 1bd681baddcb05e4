"""Corruptions by lossy or wrong processing."""

from __future__ import annotations

from collections.abc import Callable

import cv2
import numpy as np
import simplejpeg
from numpy.typing import NDArray

from augmentation.image.frame import Pixels
from augmentation.image.kernels.scale import unit

STRIP = 1 << 18  # pixels that are handled in floats at a time, which bounds the memory


def jpeg(pixels: Pixels, quality: int) -> Pixels:
    """Through a JPEG file and back."""
    data = simplejpeg.encode_jpeg(
        np.ascontiguousarray(pixels), quality=quality, colorspace="BGRX", colorsubsampling="420"
    )
    return np.asarray(simplejpeg.decode_jpeg(data, "BGRX"), np.uint8)


WHOLE_UNTIL = 2.0  # times 224 x 224 pixels, a side


def pixelate(pixels: Pixels, share: float) -> Pixels:
    """`share` of the rows and columns, at least one, each the mean of a block; fewer in an image above 224 x 224.

    A block has whole pixels, as Pillow's box filter takes them, which ImageNet-C uses; in large images, where that
    hardly matters, parts of pixels count too.
    """
    height, width = pixels.shape[:2]
    share /= max(1.0, unit(pixels))
    blocks = max(1, int(width * share)), max(1, int(height * share))
    if unit(pixels) > WHOLE_UNTIL:
        means = cv2.resize(pixels, blocks, interpolation=cv2.INTER_AREA)
    else:
        means = _block_means(pixels, *blocks)
    return np.asarray(cv2.resize(means, (width, height), interpolation=cv2.INTER_NEAREST_EXACT), np.uint8)


def _block_means(pixels: Pixels, columns: int, rows: int) -> Pixels:
    """Of the pixels whose middle lies in the block."""
    height, width = pixels.shape[:2]
    tops, lefts = (
        np.ceil(np.arange(count) * (size / count) - 0.5).astype(np.intp)
        for count, size in ((rows, height), (columns, width))
    )
    sums = np.add.reduceat(np.add.reduceat(pixels, tops, axis=0, dtype=np.uint32), lefts, axis=1)
    counts = np.outer(np.diff(tops, append=height), np.diff(lefts, append=width))
    return np.asarray(np.floor(sums / counts[..., None] + 0.5), np.uint8)


def saturate(pixels: Pixels, factor: float, plus: float) -> Pixels:
    """Saturation of HSV times `factor` plus `plus`, at most 1. Gray has no hue: it turns red when `plus` is not 0."""
    return _in_hsv(pixels, lambda hsv: _changed(hsv, 1, factor, plus))


def brighten(pixels: Pixels, plus: float) -> Pixels:
    """Value of HSV plus `plus`, at most 1."""
    return _in_hsv(pixels, lambda hsv: _changed(hsv, 2, 1.0, plus))


def flatten(pixels: Pixels, share: float) -> Pixels:
    """`share` of each value's distance from the mean of its channel."""
    means = np.array(cv2.mean(pixels), np.float32)
    table = (np.arange(256, dtype=np.float32)[:, None] - means) * np.float32(share) + means
    return np.asarray(cv2.LUT(pixels, np.clip(np.rint(table), 0, 255).astype(np.uint8)[None]), np.uint8)


def _changed(hsv: NDArray[np.float32], channel: int, factor: float, plus: float) -> None:
    hsv[..., channel] = np.clip(hsv[..., channel] * np.float32(factor) + np.float32(plus), 0, 1)


def _in_hsv(pixels: Pixels, change: Callable[[NDArray[np.float32]], None]) -> Pixels:
    """The image after `change` of hue (degrees), saturation and value (0-1), strip by strip."""
    result = np.empty_like(pixels)
    rows = max(1, STRIP // pixels.shape[1])
    for top in range(0, pixels.shape[0], rows):
        bgr = cv2.cvtColor(pixels[top : top + rows], cv2.COLOR_BGRA2BGR).astype(np.float32)
        hsv = np.asarray(cv2.cvtColor(bgr * np.float32(1 / 255), cv2.COLOR_BGR2HSV), np.float32)
        change(hsv)
        back = cv2.convertScaleAbs(cv2.cvtColor(hsv, cv2.COLOR_HSV2BGR), alpha=255)
        result[top : top + rows] = cv2.cvtColor(back, cv2.COLOR_BGR2BGRA)
    return result
