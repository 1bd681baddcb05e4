"""One look at each picture before the plan: its fingerprint and, where it is wanted, its embedding, of one decoding."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from augmentation.embedding.files import squared
from augmentation.embedding.kept import Vector, known_vectors
from augmentation.embedding.model import EmbeddingModel
from augmentation.errors import BadFile
from augmentation.files import read_file, reason_of
from augmentation.image.fingerprint import SIDE, fingerprint_of
from augmentation.image.reading.limits import MAX_BYTES
from augmentation.image.reading.reader import Target, read_image
from augmentation.processes import CRASHED
from domain.rows import FingerprintRow

Work = tuple[str, FingerprintRow | None]
"""A file, and its row in an earlier file of fingerprints."""


class Embed:
    """Where the embeddings go, and where those of images whose bytes are known come from."""

    def __init__(self, model: EmbeddingModel, output: Path, earlier: Sequence[Path] = ()) -> None:
        self.model, self.output, self.earlier = model, output, earlier

    @cached_property
    def known(self) -> dict[str, Vector]:
        """By digest of the image."""
        return known_vectors(self.earlier, self.model.digest)


class Seen(NamedTuple):
    """`row` for the file of fingerprints: None of a picture of smooth shades, which has no fingerprint. `vector`: where
    it was wanted, of what can be read."""

    source: str
    sha256: str = ""
    row: FingerprintRow | None = None
    vector: Vector | None = None


def crashed(work: Work) -> Seen:
    return _unreadable(work[0], CRASHED)


def _unreadable(source: str, reason: str) -> Seen:
    return Seen(source, row={"source": source, "unreadable": reason})


class Look:
    """Looks in a process of its own."""

    def __init__(self, folder: Path, embed: Embed | None) -> None:
        self._folder, self._model = folder, embed.model if embed else None
        self._known = embed.known if embed else {}

    def at_all(self, work: list[Work]) -> list[Seen]:
        """The network sees all that it must see at once."""
        found: list[Seen] = []
        squares: list[NDArray[np.uint8] | None] = []
        for name, known in work:
            seen, square = self._at(name, known)
            found.append(seen)
            squares.append(square)
        new = [square for square in squares if square is not None]
        if self._model is None or not new:
            return found
        vectors = iter(self._model.embed(new))
        return [
            seen if square is None else seen._replace(vector=next(vectors))
            for seen, square in zip(found, squares, strict=True)
        ]

    def _at(self, name: str, known: FingerprintRow | None) -> tuple[Seen, NDArray[np.uint8] | None]:
        """And the picture for the network, if it has to see this one."""
        try:
            data = read_file(self._folder / name, MAX_BYTES)
            digest = hashlib.sha256(data).hexdigest()
            bits = known["fingerprint"] if known is not None and known.get("sha256") == digest else None
            vector = self._known.get(digest)
            model = self._model if vector is None else None
            if bits is not None and model is None:
                return Seen(name, digest, _row(name, bits, digest), vector), None
            side = max(SIDE, self._model.side) if self._model else SIDE
            pixels = read_image(data, Target(side, side)).pixels
        except (BadFile, OSError) as error:
            return _unreadable(name, reason_of(error)), None
        row = _row(name, bits or fingerprint_of(pixels), digest)
        return Seen(name, digest, row, vector), squared(pixels, model.side) if model else None


def _row(name: str, bits: str | None, digest: str) -> FingerprintRow | None:
    return None if bits is None else {"source": name, "fingerprint": bits, "sha256": digest}
