"""The files of a run."""

from __future__ import annotations

import os
from array import array
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

from augmentation.errors import UsageError
from domain.workflow.object_keys import is_hidden


class SourceFile(NamedTuple):
    """Path relative to the input folder with "/" between parts, and size in bytes."""

    source: str
    size: int


class SourceFiles(Iterable[SourceFile]):
    """Files in the order of their names; of each, its name and eight bytes are kept.

    `passed_over` says of what lies there and is no file that can be read, a folder for example, why it is none; it is
    among the names too, so that it comes into the quarantine. Whoever reads names from labels or manifests hands them
    to `kept`, so that a name is in memory once.
    """

    def __init__(self, files: Iterable[SourceFile] = (), passed_over: Mapping[str, str] | None = None) -> None:
        names: list[str] = []
        sizes = array("Q")
        for name, size in files:
            names.append(name)
            sizes.append(size)
        self.passed_over = passed_over if passed_over is not None else {}
        names += self.passed_over
        sizes.extend([0] * len(self.passed_over))
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


def find_sources(folder: Path, *, hidden: bool = True) -> SourceFiles:
    """Every file below `folder`, sorted by name; whether it is an image is found out when it is read.

    Links are followed, as torchvision's ImageFolder does. Passed over are a link that leads back to a folder above it,
    a folder that cannot be read, and without `hidden` what is hidden or a system's own.

    Raises:
        UsageError: the folder itself is not there, or cannot be read.
    """
    if not folder.is_dir():
        raise UsageError(f"--input {folder}: there is no such folder; give the folder that holds the images")
    walk = _Walk(folder, hidden=hidden)
    files = list(walk.files())
    return SourceFiles(files, walk.passed_over)


class _Walk:
    """`passed_over` is whole when `files` has ended; names of folders end with a slash."""

    def __init__(self, folder: Path, *, hidden: bool) -> None:
        self._folder = str(folder)
        self._hidden = hidden
        self.passed_over: dict[str, str] = {}

    def files(self) -> Iterator[SourceFile]:
        for parent, folders, names in os.walk(self._folder, onerror=self._unreadable, followlinks=True):
            prefix = self._name(parent)
            folders[:] = [name for name in folders if self._enters(parent, f"{prefix}{name}/")]
            for name in names:
                if not self._hidden and is_hidden(name):
                    self.passed_over[f"{prefix}{name}"] = "a hidden or system file"
                    continue
                try:
                    size = os.stat(os.path.join(parent, name)).st_size
                except OSError:
                    size = 0  # a dangling link; reading it will say so
                yield SourceFile(f"{prefix}{name}", size)

    def _enters(self, parent: str, name: str) -> bool:
        if not self._hidden and is_hidden(name):
            self.passed_over[name] = "a hidden or system folder; nothing in it was read"
            return False
        if os.path.islink(path := os.path.join(self._folder, name[:-1])) and self._leads_back(path, parent):
            self.passed_over[name] = "a link to a folder that holds it; it was not followed"
            return False
        return True

    def _leads_back(self, link: str, parent: str) -> bool:
        """Whether the link's folder is one of those that lead to it, or holds one of them."""
        target = os.path.join(os.path.realpath(link), "")
        way = [self._folder]
        for part in filter(None, self._name(parent).split("/")):
            way.append(os.path.join(way[-1], part))
        return any(os.path.join(os.path.realpath(step), "").startswith(target) for step in way)

    def _unreadable(self, error: OSError) -> None:
        reason = f"the folder cannot be read: {error.strerror or error}"
        name = self._name(error.filename)
        if not name:
            raise UsageError(f"--input {self._folder}: {reason}")
        self.passed_over[name] = reason

    def _name(self, folder: str) -> str:
        """Relative to the input, with a slash at the end; of the input itself, nothing."""
        inside = os.path.relpath(folder, self._folder)
        return "" if inside == "." else f"{inside.replace(os.sep, '/')}/"
