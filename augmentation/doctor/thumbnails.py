"""Small pictures of all files, on the disk until the page shows some of them."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import IO

from augmentation.errors import BadFile
from augmentation.files import read_file
from augmentation.image.reading.limits import MAX_BYTES
from augmentation.image.rejects import picture_of
from augmentation.processes import chunked, default_processes, in_processes

CHUNK = 16


class Thumbnails:
    """About 5 kB each, in a file without a name that ends with this object."""

    def __init__(self) -> None:
        self._file: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115 - lives as long as this
        self._places: dict[str, tuple[int, int]] = {}

    def add(self, source: str, uri: str) -> None:
        data = uri.encode()
        self._places[source] = (self._file.seek(0, 2), len(data))
        self._file.write(data)

    def of(self, sources: Iterable[str], folder: Path, processes: int | None = None) -> dict[str, str]:
        """Data URIs; of a file below `folder` that cannot be read, what can be seen of it, or nothing."""
        wanted = list(sources)
        damaged = [source for source in wanted if source not in self._places]
        draw = _Draw(folder).all
        drawn = in_processes(draw, chunked(damaged, CHUNK), processes or default_processes(), lambda _: "")
        found = dict(zip(damaged, drawn, strict=True))
        return {source: found[source] if source in found else self._read(source) for source in wanted}

    def _read(self, source: str) -> str:
        start, length = self._places[source]
        self._file.seek(start)
        return self._file.read(length).decode()


class _Draw:
    """Draws damaged pictures in a process of its own, which they may kill."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def all(self, names: list[str]) -> list[str]:
        return [self._one(name) for name in names]

    def _one(self, name: str) -> str:
        try:
            return picture_of(read_file(self._folder / name, MAX_BYTES)) or ""
        except (BadFile, OSError):
            return ""
