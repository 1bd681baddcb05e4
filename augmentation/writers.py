"""Encodes pixels, and puts files in place so that a killed run leaves no half-written one."""

from __future__ import annotations

import os
from pathlib import Path

import cv2
import simplejpeg

from augmentation.frame import Pixels

_NEW = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | getattr(os, "O_BINARY", 0)  # O_BINARY: Windows
EXTENSIONS = {"jpeg": "jpg", "png": "png"}


def encode(pixels: Pixels, image_format: str, quality: int) -> bytes:
    """JPEG with 4:2:0 chroma (4:4:4 takes 1.6 times as long and 22 % more bytes), or PNG."""
    if image_format == "jpeg":
        return bytes(simplejpeg.encode_jpeg(pixels, quality=quality, colorspace="BGRX", colorsubsampling="420"))
    done, data = cv2.imencode(".png", cv2.cvtColor(pixels, cv2.COLOR_BGRA2BGR))
    if not done:
        raise OSError("OpenCV could not encode the PNG")
    return data.tobytes()


def write_file(path: Path | str, data: bytes) -> None:
    """Writes beside, then renames: the name appears with the whole content or not at all.

    With the system's own calls: what `pathlib` and `open` add costs a third of a JPEG's encoding.
    """
    folder, name = os.path.split(path)
    temporary = os.path.join(folder, f".{name}.part")
    try:
        file = os.open(temporary, _NEW, 0o666)
    except FileNotFoundError:  # the first file of a folder; asking each time would cost more
        os.makedirs(folder, exist_ok=True)
        file = os.open(temporary, _NEW, 0o666)
    try:
        left = memoryview(data)
        while left:  # a full disk writes a part, and raises the next time
            left = left[os.write(file, left) :]
    finally:
        os.close(file)
    os.replace(temporary, path)
