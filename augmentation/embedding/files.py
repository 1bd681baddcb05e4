"""The embeddings of a folder's images."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from augmentation.embedding.kept import Embeddings, load_embeddings, save_embeddings
from augmentation.embedding.model import EmbeddingModel
from augmentation.errors import BadFile
from augmentation.files import read_file, reason_of
from augmentation.image.frame import Pixels
from augmentation.image.reading.limits import MAX_BYTES
from augmentation.image.reading.reader import Target, read_image
from augmentation.processes import CRASHED, chunked, default_processes, in_processes

CHUNK = 16  # images that the network sees at a time


@dataclass(frozen=True)
class _Row:
    source: str
    sha256: str = ""
    vector: NDArray[np.float32] | None = None
    unreadable: str = ""


def embed_files(
    folder: Path,
    names: Iterable[str],
    model: EmbeddingModel,
    processes: int | None = None,
    earlier: Embeddings | None = None,
) -> Embeddings:
    """Of the files called `names` below `folder`, in their order. A file with the bytes of one in `earlier`, which is
    of the same model, keeps its vector: it is not decoded.

    Raises:
        UsageError: the model cannot be used.
    """
    known: dict[str, NDArray[np.float32]] = {}
    if earlier is not None and earlier.model == model.digest:
        known = dict(zip(earlier.sha256, earlier.vectors, strict=True))
    do = _Embed(folder, model, known)
    rows = list(in_processes(do.of_all, chunked(names, CHUNK), processes or default_processes(), _crashed))
    found = [row for row in rows if row.vector is not None]
    vectors = np.stack([row.vector for row in found if row.vector is not None]) if found else np.zeros((0, 0))
    return Embeddings(
        tuple(row.source for row in found),
        tuple(row.sha256 for row in found),
        vectors.astype(np.float32),
        model.digest,
        {row.source: row.unreadable for row in rows if row.unreadable},
    )


def square(data: bytes, side: int) -> NDArray[np.uint8]:
    """The whole image in `data`, side x side x 3, RGB, whatever its ratio was. Raises BadImage."""
    return squared(read_image(data, Target(side, side)).pixels, side)


def squared(pixels: Pixels, side: int) -> NDArray[np.uint8]:
    """The same of a picture that has been decoded."""
    shrinks = pixels.shape[0] >= side and pixels.shape[1] >= side
    small = cv2.resize(pixels, (side, side), interpolation=cv2.INTER_AREA if shrinks else cv2.INTER_LINEAR)
    return np.asarray(cv2.cvtColor(small, cv2.COLOR_BGRA2RGB), np.uint8)


def _crashed(source: str) -> _Row:
    return _Row(source, unreadable=CRASHED)


class _Embed:
    """Embeds in a process of its own."""

    def __init__(self, folder: Path, model: EmbeddingModel, known: Mapping[str, NDArray[np.float32]]) -> None:
        self._folder, self._model, self._known = folder, model, known

    def of_all(self, names: list[str]) -> list[_Row]:
        rows: list[_Row] = []
        pictures: list[NDArray[np.uint8]] = []
        for name in names:
            row, picture = self._read(name)
            rows.append(row)
            if picture is not None:
                pictures.append(picture)
        vectors = iter(self._model.embed(pictures) if pictures else ())
        return [
            _Row(row.source, row.sha256, next(vectors)) if row.vector is None and not row.unreadable else row
            for row in rows
        ]

    def _read(self, name: str) -> tuple[_Row, NDArray[np.uint8] | None]:
        try:
            data = read_file(self._folder / name, MAX_BYTES)
            digest = hashlib.sha256(data).hexdigest()
            if digest in self._known:
                return _Row(name, digest, self._known[digest]), None
            return _Row(name, digest), square(data, self._model.side)
        except (BadFile, OSError) as error:
            return _Row(name, unreadable=reason_of(error)), None


__all__ = ["Embeddings", "embed_files", "load_embeddings", "save_embeddings", "square", "squared"]
