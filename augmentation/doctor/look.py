"""One look at each file: its digest, its size, its fingerprint and its measures, or why it cannot be read."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np

from augmentation.doctor.measures import SIDE, Gray, Measures, measures_of
from augmentation.errors import BadFile
from augmentation.files import file_digest, read_file, reason_of
from augmentation.image.fingerprint import fingerprint
from augmentation.image.frame import Pixels
from augmentation.image.reading.limits import MAX_BYTES
from augmentation.image.reading.reader import Target, read_image
from augmentation.image.reading.size import upright_size
from augmentation.processes import CRASHED, chunked, default_processes, in_processes

CHUNK = 16  # files that are handed to a process at a time


@dataclass(frozen=True)
class Look:
    """`width` and `height` in pixels, upright; `fingerprint` is empty where the picture is all smooth shades."""

    source: str
    sha256: str = ""
    unreadable: str = ""
    width: int = 0
    height: int = 0
    fingerprint: bytes = b""
    measures: Measures | None = None


def look_at(folder: Path, names: Iterable[str], processes: int | None = None, *, images: bool = True) -> list[Look]:
    """Of each of the files called `names` below `folder`, in their order; of no `images`, the digest alone."""
    eyes = _Eyes(folder, images=images)
    return list(in_processes(eyes.on_all, chunked(names, CHUNK), processes or default_processes(), _crashed))


def gray_of(data: bytes, side: int) -> Gray:
    """The picture in `data`, at `side` pixels or somewhat more. Raises BadImage."""
    return _gray(read_image(data, Target(side, side)).pixels)


def _gray(pixels: Pixels) -> Gray:
    return np.asarray(cv2.cvtColor(pixels, cv2.COLOR_BGRA2GRAY), np.uint8)


def _crashed(source: str) -> Look:
    return Look(source, unreadable=CRASHED)


class _Eyes:
    """Looks in a process of its own."""

    def __init__(self, folder: Path, *, images: bool) -> None:
        self._folder, self._images = folder, images

    def on_all(self, names: list[str]) -> list[Look]:
        return [self._on(name) for name in names]

    def _on(self, name: str) -> Look:
        try:
            if not self._images:
                return Look(name, file_digest(self._folder / name))
            return self._on_image(name, read_file(self._folder / name, MAX_BYTES))
        except (BadFile, OSError) as error:
            return Look(name, unreadable=reason_of(error))

    def _on_image(self, name: str, data: bytes) -> Look:
        pixels = read_image(data, Target(SIDE, SIDE)).pixels
        width, height = _size(data, pixels)
        bits = bytes.fromhex(fingerprint(data) or "")
        return Look(name, hashlib.sha256(data).hexdigest(), "", width, height, bits, measures_of(_gray(pixels)))


def _size(data: bytes, pixels: Pixels) -> tuple[int, int]:
    """Of the whole picture: a JPEG may have been decoded smaller."""
    height, width = pixels.shape[:2]
    return upright_size(data) if data[:2] == b"\xff\xd8" else (width, height)
