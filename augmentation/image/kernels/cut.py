"""Rectangles of an image as images of their own, also such as reach beyond it."""

from __future__ import annotations

from collections.abc import Sequence
from math import sqrt
from typing import NamedTuple

import cv2
import numpy as np

from augmentation.image.frame import Box, Pixels
from augmentation.image.kernels import resize
from augmentation.image.kernels.border import Fill, border_of


class Region(NamedTuple):
    """The part `box` of an image, to become width x height pixels; `fill` is what stands outside of the image.

    None is what is usual for the frame (`border.usual`). Only a region of whole pixels that keeps its size may reach
    outside.
    """

    box: Box
    width: int
    height: int
    fill: Fill | None = None


def middle(box: Box, width: int, height: int, fill: Fill | None = None) -> Region:
    """The middle width x height pixels of `box`; where the margins cannot be equal, the left and top are smaller."""
    left, top = (round(box.width) - width) // 2, (round(box.height) - height) // 2
    return Region(Box(box.left + left, box.top + top, width, height), width, height, fill)


def part_of(box: Box, tries: Sequence[Sequence[float]], aspect: Sequence[float], place: tuple[float, float]) -> Box:
    """The first of `tries` (share of the area, width / height) that fits into the box, at `place`, shares of the room.

    When none fits, the largest part in the middle whose proportions are within `aspect` (least, most). As
    RandomResizedCrop.get_params of https://github.com/pytorch/vision/blob/main/torchvision/transforms/transforms.py.
    """
    for share, ratio in tries:
        area = share * box.width * box.height
        across, down = sqrt(area * ratio), sqrt(area / ratio)
        if across <= box.width and down <= box.height:
            left, top = place[0] * (box.width - across), place[1] * (box.height - down)
            return Box(box.left + left, box.top + top, across, down)
    least, most = aspect
    return resize.cover(box, min(most, max(least, box.width / box.height)), 1)


def cut(pixels: Pixels, region: Region, *, reduced: bool = False) -> Pixels:
    """The region as an image of its own; `reduced`: a decoder has halved the pixels before."""
    box, width, height = region.box, region.width, region.height
    if (box.width, box.height) == (width, height) and box.left % 1 == 0 and box.top % 1 == 0:
        return _window(pixels, int(box.left), int(box.top), region)
    return resize.sample(pixels, box, width, height, reduced=reduced)


def _window(pixels: Pixels, left: int, top: int, region: Region) -> Pixels:
    """Whole pixels, copied; the border is made from the whole image, so that a mirror image shows all of it."""
    height, width = pixels.shape[:2]
    before = max(0, -left), max(0, -top)
    after = max(0, left + region.width - width), max(0, top + region.height - height)
    if any(before) or any(after):
        kind, color = border_of("mirror" if region.fill is None else region.fill)
        bordered = cv2.copyMakeBorder(pixels, before[1], after[1], before[0], after[0], kind, value=(*color, 255))
        pixels = np.asarray(bordered, np.uint8)
    left, top = left + before[0], top + before[1]
    return np.ascontiguousarray(pixels[top : top + region.height, left : left + region.width])
