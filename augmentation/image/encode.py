"""Pixels as the bytes of a file."""

from __future__ import annotations

import cv2
import numpy as np
import simplejpeg

from augmentation.image.frame import Pixels


def encode(pixels: Pixels, image_format: str, quality: int) -> bytes:
    """JPEG with 4:2:0 chroma (4:4:4 takes 1.6 times as long and 22 % more bytes), or PNG."""
    pixels = np.ascontiguousarray(pixels)
    if image_format == "jpeg":
        return bytes(simplejpeg.encode_jpeg(pixels, quality=quality, colorspace="BGRX", colorsubsampling="420"))
    done, data = cv2.imencode(".png", cv2.cvtColor(pixels, cv2.COLOR_BGRA2BGR))
    if not done:
        raise OSError("OpenCV could not encode the PNG")
    return data.tobytes()
