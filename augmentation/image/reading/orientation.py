"""The way up: EXIF's orientation tells it, and nothing else does (browsers pass over XMP's, too)."""

from __future__ import annotations

import cv2
import numpy as np
from PIL import Image

from augmentation.image.frame import Box, Frame

_ORIENTATION = 0x0112


def in_exif(exif: bytes) -> int:
    """1 to 8; 1 without EXIF, and when it is broken or says something else."""
    if not exif:
        return 1
    found = Image.Exif()
    try:
        found.load(exif)
        value = found.get(_ORIENTATION, 1)
    except Exception:  # noqa: BLE001 - Pillow's EXIF reader raises many kinds, and none costs the pixels
        return 1
    return value if isinstance(value, int) and 1 <= value <= 8 else 1


def orient(frame: Frame, orientation: int) -> Frame:
    """Turns and mirrors as the EXIF orientation says; the box goes along."""
    pixels, box = frame.pixels, frame.box
    if orientation >= 5:
        pixels = np.asarray(cv2.transpose(pixels), np.uint8)
        box = Box(box.top, box.left, box.height, box.width)
    height, width = pixels.shape[:2]
    mirror = orientation in (2, 3, 6, 7)
    upend = orientation in (3, 4, 7, 8)
    if mirror:
        box = box._replace(left=width - box.left - box.width)
    if upend:
        box = box._replace(top=height - box.top - box.height)
    if mirror or upend:
        pixels = np.asarray(cv2.flip(pixels, -1 if mirror and upend else int(mirror)), np.uint8)
    return frame._replace(pixels=pixels, box=box)
