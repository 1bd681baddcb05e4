"""Embeddings, and the file that keeps them: a NumPy archive, which one version hands to the next."""

from __future__ import annotations

import os
import tempfile
import zipfile
import zlib
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

import numpy as np
from numpy.typing import NDArray

from augmentation.embedding.model import Vectors
from augmentation.errors import UsageError

EMBEDDINGS = "embeddings.npz"
Vector = NDArray[np.float32]


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


class EmbeddingsFile:
    """Writes embeddings row by row: two bytes of each number are all that waits, on the disk. To be entered."""

    def __init__(self, file: Path, model: str) -> None:
        self._file, self._model = file, model
        self._sources: list[str] = []
        self._sha256: list[str] = []

    def __enter__(self) -> EmbeddingsFile:
        self._file.parent.mkdir(parents=True, exist_ok=True)
        self._rows: IO[bytes] = tempfile.TemporaryFile(dir=self._file.parent)
        return self

    def __exit__(self, kind: object, *_: object) -> None:
        with self._rows:
            if kind is None:
                self._save()

    def add(self, source: str, sha256: str, vector: NDArray[np.floating]) -> None:
        """`vector` has length 1."""
        self._sources.append(source)
        self._sha256.append(sha256)
        self._rows.write(vector.astype("<f2").tobytes())

    def _save(self) -> None:
        """As `sources`, `sha256`, `vectors` (16 bits each) and `model`, whole or not at all. Equal rows make equal
        bytes."""
        unfinished = self._file.with_name(f".{self._file.name}.part")
        count = len(self._sources)
        width = self._rows.tell() // (2 * count) if count else 0
        self._rows.flush()
        vectors: NDArray[np.float16] = np.zeros((0, 0), np.float16)
        if count:
            vectors = np.memmap(self._rows, np.dtype("<f2"), "r", shape=(count, width))
        with unfinished.open("wb") as stream:
            np.savez(
                stream,
                sources=np.array(self._sources, np.str_),
                sha256=np.array(self._sha256, np.str_),
                vectors=vectors,
                model=np.array(self._model),
            )
        os.replace(unfinished, self._file)


def save_embeddings(file: Path, embeddings: Embeddings) -> None:
    with EmbeddingsFile(file, embeddings.model) as kept:
        for row in zip(embeddings.sources, embeddings.sha256, embeddings.vectors, strict=True):
            kept.add(*row)


def load_embeddings(file: Path) -> Embeddings:
    """Raises UsageError: it cannot be read, or is none that `save_embeddings` wrote."""
    try:
        with np.load(file, allow_pickle=False) as kept:
            names, digests = (tuple(map(str, kept[name])) for name in ("sources", "sha256"))
            vectors, model = kept["vectors"].astype(np.float32), str(kept["model"])
    except (OSError, EOFError, TypeError, ValueError, KeyError, zipfile.BadZipFile, zlib.error) as error:
        raise UsageError(f"{file}: no embeddings that can be read ({error})") from error
    if vectors.ndim != 2 or not len(names) == len(digests) == len(vectors):
        raise UsageError(f"{file}: {len(names)} names, but vectors of the shape {vectors.shape}")
    return Embeddings(names, digests, vectors, model)


def keep_embeddings(output: Path, files: Iterable[Path], model: str, unreadable: Collection[str] = ()) -> int:
    """Writes the rows of all files that are of this model into one, in the order of the names, and returns how many
    there are; of a source the first file counts. What is `unreadable` now has no row, whatever an earlier version says.

    Raises:
        UsageError: a file cannot be read.
    """
    found = [kept for file in files if (kept := load_embeddings(file)).model == model]
    rows: dict[str, tuple[str, Vector]] = {}
    for kept in reversed(found):
        rows.update(zip(kept.sources, zip(kept.sha256, kept.vectors, strict=True), strict=True))
    with EmbeddingsFile(output, model) as target:
        names = sorted(rows.keys() - unreadable)
        for source in names:
            target.add(source, *rows[source])
    return len(names)


def known_vectors(files: Iterable[Path], model: str) -> dict[str, Vector]:
    """By the digest of the image, what files have of this model; a file that is of another one has nothing.

    Raises:
        UsageError: a file cannot be read.
    """
    found: dict[str, Vector] = {}
    for file in files:
        kept = load_embeddings(file)
        if kept.model == model:
            found.update(zip(kept.sha256, kept.vectors, strict=True))
    return found
