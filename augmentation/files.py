"""Files read and written with the system's own calls, and texts streamed line by line."""

from __future__ import annotations

import hashlib
import os
import stat
from collections.abc import Iterable, Iterator
from pathlib import Path

from augmentation.errors import BadFile, UsageError
from domain.jsonlines import Repeatable

_NEW = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | getattr(os, "O_BINARY", 0)  # O_BINARY: Windows
# Without waiting: opening a pipe would wait for ever for somebody who writes. O_BINARY: Windows.
_READ = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
EXTENSIONS = {"jpeg": "jpg", "png": "png", "wav": "wav", "flac": "flac", "txt": "txt", "json": "json"}


def reason_of(error: BadFile | OSError) -> str:
    """Why a file of the input cannot be read: `read_file` and whoever decodes it raise one of the two."""
    return f"the file cannot be read: {error.strerror or error}" if isinstance(error, OSError) else str(error)


def read_file(path: Path, max_bytes: int) -> bytes:
    """The content of a file of the input; what is none by its size or its kind is not opened at all.

    Raises:
        BadFile: a pipe, a device and the like, or too many bytes.
        OSError: the file cannot be read.
    """
    file = os.open(path, _READ)
    try:
        found = os.fstat(file)
        if not stat.S_ISREG(found.st_mode):
            raise BadFile("not a regular file")
        guard_bytes(found.st_size, max_bytes)
        data = os.read(file, found.st_size + 1)
        if len(data) == found.st_size:
            return data
        pieces = [data]  # a system that reads less at a time, or a file that is still growing
        while piece := os.read(file, 1 << 20):
            pieces.append(piece)
            guard_bytes(sum(map(len, pieces)), max_bytes)
        return b"".join(pieces)
    finally:
        os.close(file)


def guard_bytes(count: int, limit: int) -> None:
    """
    Raises:
        BadFile: more bytes than the limit.
    """
    if count > limit:
        raise BadFile(f"the file has {count:,} bytes; the limit is {limit:,}")


def read_text(path: Path, what: str) -> str:
    """The text of a file that a person named; `what` it is, for the error.

    Raises:
        UsageError: it cannot be read, or is not UTF-8.
    """
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise unreadable(path, what, error) from error


def unreadable(path: Path, what: str, error: OSError | UnicodeDecodeError) -> UsageError:
    """Says which file cannot be read, and why."""
    reason = error.strerror if isinstance(error, OSError) else "it is not UTF-8"
    return UsageError(f"cannot read the {what} {path}: {reason}")


def lines_of_file(path: Path) -> Repeatable[str]:
    """The lines of a file, as often as they are needed."""
    return Repeatable(lambda: _lines(path))


def _lines(path: Path) -> Iterator[str]:
    with path.open(encoding="utf-8", newline="\n") as file:
        yield from file


def file_digest(path: Path | None) -> str:
    """SHA-256 of a file; of nothing where there is none."""
    digest = hashlib.sha256()
    if path is not None:
        with path.open("rb") as file:
            for chunk in iter(lambda: file.read(1 << 20), b""):
                digest.update(chunk)
    return digest.hexdigest()


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
