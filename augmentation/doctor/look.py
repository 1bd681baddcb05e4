"""One look at each file, of one decoding: its digest, size, fingerprint, measures, embedding and a small picture of it,
or why it cannot be read."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from augmentation.doctor.measures import SIDE, Gray, Measures, measures_of
from augmentation.embedding.files import squared
from augmentation.embedding.kept import Vector
from augmentation.embedding.model import EmbeddingModel
from augmentation.errors import BadFile
from augmentation.files import file_digest, read_file, reason_of
from augmentation.image.fingerprint import fingerprint_of
from augmentation.image.frame import Pixels
from augmentation.image.medium import thumbnail
from augmentation.image.reading.limits import MAX_BYTES
from augmentation.image.reading.reader import Target, read_image
from augmentation.image.reading.size import upright_size
from augmentation.processes import CRASHED, chunked, default_processes, in_processes

CHUNK = 16  # files that are handed to a process, and to the network, at a time
_Square = NDArray[np.uint8]


@dataclass(frozen=True)
class Look:
    """`width` and `height` in pixels, upright; `fingerprint` is empty where the picture is all smooth shades; `vector`:
    the embedding, where there is a model; `thumbnail` is a data URI."""

    source: str
    sha256: str = ""
    unreadable: str = ""
    width: int = 0
    height: int = 0
    fingerprint: bytes = b""
    measures: Measures | None = None
    vector: Vector | None = None
    thumbnail: str = ""


@dataclass(frozen=True)
class Known:
    """By the digest of an image: fingerprints in hexadecimal digits, and vectors of the model."""

    prints: Mapping[str, str] = field(default_factory=dict)
    vectors: Mapping[str, Vector] = field(default_factory=dict)


def look_at(
    folder: Path,
    names: Iterable[str],
    processes: int | None = None,
    *,
    images: bool = True,
    model: EmbeddingModel | None = None,
    known: Known | None = None,
) -> Iterator[Look]:
    """At each of the files called `names` below `folder`, in their order; at no `images`, for the digest alone.

    Raises:
        UsageError: the model cannot be used.
    """
    eyes = _Eyes(folder, images=images, model=model, known=known or Known())
    return in_processes(eyes.on_all, chunked(names, CHUNK), processes or default_processes(), _crashed)


def gray_of(data: bytes, side: int) -> Gray:
    """The picture in `data`, at `side` pixels or somewhat more. Raises BadImage."""
    return _gray(read_image(data, Target(side, side)).pixels)


def _gray(pixels: Pixels) -> Gray:
    return np.asarray(cv2.cvtColor(pixels, cv2.COLOR_BGRA2GRAY), np.uint8)


def _crashed(source: str) -> Look:
    return Look(source, unreadable=CRASHED)


class _Eyes:
    """Looks in a process of its own."""

    def __init__(self, folder: Path, *, images: bool, model: EmbeddingModel | None, known: Known) -> None:
        self._folder, self._images, self._model, self._known = folder, images, model, known
        self._side = max(SIDE, model.side) if model else SIDE

    def on_all(self, names: list[str]) -> list[Look]:
        looks = [self._on(name) for name in names]
        new = [square for _, square in looks if square is not None]
        if self._model is None or not new:
            return [look for look, _ in looks]
        vectors = iter(self._model.embed(new))
        return [look if square is None else replace(look, vector=next(vectors)) for look, square in looks]

    def _on(self, name: str) -> tuple[Look, _Square | None]:
        """And the picture for the network, if it has to see this one."""
        try:
            if not self._images:
                return Look(name, file_digest(self._folder / name)), None
            return self._on_image(name, read_file(self._folder / name, MAX_BYTES))
        except (BadFile, OSError) as error:
            return Look(name, unreadable=reason_of(error)), None

    def _on_image(self, name: str, data: bytes) -> tuple[Look, _Square | None]:
        digest = hashlib.sha256(data).hexdigest()
        pixels = read_image(data, Target(self._side, self._side)).pixels
        width, height = _size(data, pixels)
        bits = self._known.prints.get(digest) or fingerprint_of(pixels) or ""
        vector = self._known.vectors.get(digest)
        look = Look(
            name,
            digest,
            "",
            width,
            height,
            bytes.fromhex(bits),
            measures_of(_gray(pixels)),
            vector,
            thumbnail(pixels),
        )
        return look, squared(pixels, self._model.side) if self._model and vector is None else None


def _size(data: bytes, pixels: Pixels) -> tuple[int, int]:
    """Of the whole picture: a JPEG may have been decoded smaller."""
    height, width = pixels.shape[:2]
    return upright_size(data) if data[:2] == b"\xff\xd8" else (width, height)
