"""Encodes pixels and writes files."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

import cv2
import numpy as np
import simplejpeg

from augmentation.frame import Pixels

_NEW = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | getattr(os, "O_BINARY", 0)  # O_BINARY: Windows
EXTENSIONS = {"jpeg": "jpg", "png": "png", "wav": "wav", "flac": "flac"}


def encode(pixels: Pixels, image_format: str, quality: int) -> bytes:
    """JPEG with 4:2:0 chroma (4:4:4 takes 1.6 times as long and 22 % more bytes), or PNG."""
    pixels = np.ascontiguousarray(pixels)
    if image_format == "jpeg":
        return bytes(simplejpeg.encode_jpeg(pixels, quality=quality, colorspace="BGRX", colorsubsampling="420"))
    done, data = cv2.imencode(".png", cv2.cvtColor(pixels, cv2.COLOR_BGRA2BGR))
    if not done:
        raise OSError("OpenCV could not encode the PNG")
    return data.tobytes()


def write_output(path: str, data: bytes) -> None:
    """Writes under the final name at once: what a killed run leaves torn has no row in its manifest, and a resumed one
    removes it. `write_file` would take half as long again.

    Raises:
        OSError: it cannot be written whole; then there is no such file.
    """
    try:
        file = os.open(path, _NEW, 0o666)
    except FileNotFoundError:  # the first file of a folder; asking each time would cost more
        os.makedirs(os.path.dirname(path), exist_ok=True)
        file = os.open(path, _NEW, 0o666)
    try:
        _write_whole(file, data)
    except OSError:
        os.unlink(path)
        raise


def write_file(path: Path | str, data: bytes) -> None:
    """Writes beside, then renames: the name appears with the whole content or not at all."""
    folder, name = os.path.split(path)
    temporary = os.path.join(folder, f".{name}.part")
    os.makedirs(folder or ".", exist_ok=True)
    _write_whole(os.open(temporary, _NEW, 0o666), data)
    os.replace(temporary, path)


def write_pieces(path: Path, pieces: Iterable[str]) -> None:
    """The same of a text that is made piece by piece."""
    temporary = path.with_name(f".{path.name}.part")
    with temporary.open("w", encoding="utf-8", newline="\n") as file:
        file.writelines(pieces)
    os.replace(temporary, path)


def _write_whole(file: int, data: bytes) -> None:
    """With the system's own calls: what `pathlib` and `open` add costs a tenth of a JPEG's encoding."""
    try:
        left = memoryview(data)
        while left:  # a full disk writes a part, and raises the next time
            left = left[os.write(file, left) :]
    finally:
        os.close(file)
