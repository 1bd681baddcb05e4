"""The embeddings of a folder's images, and the file that keeps them."""

from __future__ import annotations

import hashlib
import os
import zipfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from augmentation.embedding.model import EmbeddingModel, Vectors
from augmentation.errors import BadFile, UsageError
from augmentation.files import read_file, reason_of
from augmentation.image.frame import Pixels
from augmentation.image.reading.limits import MAX_BYTES
from augmentation.image.reading.reader import Target, read_image
from augmentation.processes import CRASHED, chunked, default_processes, in_processes

CHUNK = 16  # images that the network sees at a time


@dataclass(frozen=True)
class Embeddings:
    """Row i of `vectors` is of the file `sources[i]`, whose bytes have the digest `sha256[i]`.

    `model`: digest of the model. `unreadable`: why a file has no row, by its name.
    """

    sources: tuple[str, ...]
    sha256: tuple[str, ...]
    vectors: Vectors
    model: str
    unreadable: Mapping[str, str] = field(default_factory=dict)


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
    return as_square(read_image(data, Target(side, side)).pixels, side)


def as_square(pixels: Pixels, side: int) -> NDArray[np.uint8]:
    """All of the pixels, side x side x 3, RGB."""
    shrinks = pixels.shape[0] >= side and pixels.shape[1] >= side
    small = cv2.resize(pixels, (side, side), interpolation=cv2.INTER_AREA if shrinks else cv2.INTER_LINEAR)
    return np.asarray(cv2.cvtColor(small, cv2.COLOR_BGRA2RGB), np.uint8)


def save_embeddings(file: Path, embeddings: Embeddings) -> None:
    """As a NumPy archive with `sources`, `sha256`, `vectors` (16 bits each) and `model`; whole or not at all."""
    unfinished = file.with_name(f".{file.name}.part")
    with unfinished.open("wb") as stream:
        np.savez(
            stream,
            sources=np.array(embeddings.sources, np.str_),
            sha256=np.array(embeddings.sha256, np.str_),
            vectors=embeddings.vectors.astype(np.float16),
            model=np.array(embeddings.model),
        )
    os.replace(unfinished, file)


def load_embeddings(file: Path) -> Embeddings:
    """Raises UsageError: it cannot be read, or is none that `save_embeddings` wrote."""
    try:
        with np.load(file, allow_pickle=False) as kept:
            names, digests = (tuple(map(str, kept[name])) for name in ("sources", "sha256"))
            vectors, model = kept["vectors"].astype(np.float32), str(kept["model"])
    except (OSError, ValueError, KeyError, zipfile.BadZipFile) as error:
        raise UsageError(f"{file}: no embeddings that can be read ({error})") from error
    if vectors.ndim != 2 or not len(names) == len(digests) == len(vectors):
        raise UsageError(f"{file}: {len(names)} names, but vectors of the shape {vectors.shape}")
    return Embeddings(names, digests, vectors, model)


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
