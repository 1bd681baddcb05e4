"""The files of a run."""

from __future__ import annotations

import os
from array import array
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

from augmentation.errors import UsageError


class SourceFile(NamedTuple):
    """Path relative to the input folder with "/" between parts, and size in bytes."""

    source: str
    size: int


class SourceFiles(Iterable[SourceFile]):
    """Files in the order of their names; of each, its name and eight bytes are kept.

    Who reads names from labels or manifests hands them to `kept`, so that a name is in memory once.
    """

    def __init__(self, files: Iterable[SourceFile] = ()) -> None:
        names: list[str] = []
        sizes = array("Q")
        for name, size in files:
            names.append(name)
            sizes.append(size)
        order = sorted(range(len(names)), key=names.__getitem__)
        self.names = [names[place] for place in order]
        self._sizes = array("Q", map(sizes.__getitem__, order))

    def __len__(self) -> int:
        return len(self.names)

    def kept(self, name: str) -> str:
        """The same name as it is in memory already; `name` itself where there is no such file."""
        place = bisect_left(self.names, name)
        return self.names[place] if place < len(self.names) and self.names[place] == name else name

    def __iter__(self) -> Iterator[SourceFile]:
        return map(SourceFile, self.names, self._sizes)


def find_sources(folder: Path) -> SourceFiles:
    """Every file below `folder`, sorted by name; whether it is an image is found out when it is read."""
    if not folder.is_dir():
        raise UsageError(f"--input {folder}: there is no such folder; give the folder that holds the images")
    return SourceFiles(_walk(folder))


def _walk(folder: Path) -> Iterator[SourceFile]:
    for parent, _, names in os.walk(folder):
        inside = Path(parent).relative_to(folder).as_posix()
        prefix = "" if inside == "." else f"{inside}/"
        for name in names:
            try:
                size = os.stat(os.path.join(parent, name)).st_size
            except OSError:
                size = 0  # a dangling link; reading it will say so
            yield SourceFile(f"{prefix}{name}", size)
