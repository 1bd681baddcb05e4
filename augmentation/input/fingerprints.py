"""The fingerprint pass over a folder, and the groups of near-duplicates that come of it."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack
from heapq import merge
from itertools import groupby
from operator import attrgetter
from pathlib import Path
from typing import Any, NamedTuple

from augmentation.embedding.kept import EmbeddingsFile
from augmentation.errors import UsageError
from augmentation.files import lines_of_file, write_pieces
from augmentation.image.fingerprint import BITS
from augmentation.input.look import Embed, Look, Work, crashed
from augmentation.input.near_duplicates import groups_of
from augmentation.input.sources import SourceFile
from augmentation.processes import chunked, default_processes, in_processes
from domain.errors import InvalidInput
from domain.jsonlines import JsonLines, Repeatable, dump_line
from domain.rows import FingerprintRow
from domain.workflow.object_keys import key_problem

FINGERPRINTS = "fingerprints.jsonl"
CHUNK = 32  # files that are handed to a process at a time


class _Print(NamedTuple):
    """A row of a fingerprints file that has been read: of what, the bits, and all of the row."""

    source: str
    bits: bytes
    row: FingerprintRow


def keep_fingerprints(output: Path, files: Iterable[Path]) -> None:
    """Writes the rows of all files into one, in the order of the names; of a source the first row counts."""
    write_pieces(output, (f"{dump_line(one.row)}\n" for one in _prints(files)))


def write_fingerprints(
    folder: Path,
    files: Iterable[SourceFile],
    output: Path,
    processes: int | None = None,
    earlier: Iterable[Path] = (),
    embed: Embed | None = None,
) -> int:
    """Writes a row for each of the `files` below `folder`, in their order; returns how many of them are pictures.

    A host's shard gives a host's file. The row of what cannot be read says why: plans are made without it.
    Rows of `earlier` files are taken over where the file still has the same bytes: reading is cheaper than decoding.
    With `embed`, embeddings are written too, of the same decoded picture.

    Raises:
        UsageError: an earlier file cannot be read, or the model cannot be used.
    """
    output.parent.mkdir(parents=True, exist_ok=True)
    names = (file.source for file in files if not key_problem(file.source))
    work = chunked(_with_known(names, _prints(earlier)), CHUNK)
    unfinished = output.with_name(f".{output.name}.part")
    count = 0
    with ExitStack() as open_files:
        lines = open_files.enter_context(unfinished.open("w", encoding="utf-8", newline="\n"))
        kept = open_files.enter_context(EmbeddingsFile(embed.output, embed.model.digest)) if embed else None
        look = Look(folder, embed).at_all
        for seen in in_processes(look, work, processes or default_processes(), crashed):
            if kept is not None and seen.vector is not None:
                kept.add(seen.source, seen.sha256, seen.vector)
            if (row := seen.row) is not None:
                lines.write(f"{dump_line(row)}\n")
                count += "unreadable" not in row
    os.replace(unfinished, output)
    return count


def _with_known(names: Iterable[str], known: Iterator[_Print]) -> Iterator[Work]:
    """Each name with its row; both come in the order of the names."""
    one = next(known, None)
    for name in names:
        while one is not None and one.source < name:
            one = next(known, None)
        yield name, one.row if one is not None and one.source == name else None


def _prints(files: Iterable[Path]) -> Iterator[_Print]:
    """The rows of files that are sorted by name, as one; nothing is kept.

    Raises:
        UsageError: a file cannot be read or is not sorted, or a row is not as `write_fingerprints` writes it.
    """
    by_source = attrgetter("source")
    try:
        for _, same in groupby(merge(*map(_prints_of, files), key=by_source), key=by_source):
            yield next(same)
    except InvalidInput as error:
        raise UsageError(f"{error}; make the file with `python -m augmentation fingerprint`") from error
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"cannot read the fingerprints: {error}") from error


def _prints_of(file: Path) -> Iterator[_Print]:
    before = ""
    for row in JsonLines[FingerprintRow](lines_of_file(file), str(file)):
        if "unreadable" in row:
            continue
        source, bits = read_fingerprint(row, str(file))
        if source < before:
            raise InvalidInput(f"{file}: {source!r} comes after {before!r}, but rows are sorted by `source`")
        before = source
        yield _Print(source, bits, row)


def read_fingerprint(row: Mapping[str, Any], name: str) -> tuple[str, bytes]:
    """Source and fingerprint of a row of `fingerprints.jsonl`; `name` says in an error which file is broken.

    Raises:
        InvalidInput: the row has no `source`, no `fingerprint` of 64 hexadecimal digits, or one of Kempelen 0.2.
    """
    source, text = row.get("source"), row.get("fingerprint")
    if not isinstance(source, str) or not isinstance(text, str) or len(text) != BITS // 4:
        raise InvalidInput(f"{name}: a row needs `source` and a `fingerprint` of {BITS // 4} digits, not {row}")
    try:
        bits = bytes.fromhex(text)
    except ValueError as error:
        raise InvalidInput(f"{name}: the fingerprint of {source!r} is not hexadecimal: {text}") from error
    if _is_outdated(text):
        raise InvalidInput(f"{name}: the fingerprint of {source!r} is one of Kempelen 0.2 or before")
    return source, bits


def comparable(file: Path) -> list[Path]:
    """The file, unless its fingerprints are of Kempelen 0.2 or before, which compare with none of today's.

    Raises:
        UsageError: the file cannot be read.
    """
    try:
        first = next(iter(JsonLines[FingerprintRow](lines_of_file(file), str(file))), None)
    except (InvalidInput, OSError, UnicodeDecodeError) as error:
        raise UsageError(f"cannot read the fingerprints: {error}") from error
    return [] if first and _is_outdated(str(first.get("fingerprint"))) else [file]


def _is_outdated(fingerprint: str) -> bool:
    """The first bit says it: it stands for the mean brightness, which was 0 in every picture, and is 1 now."""
    return fingerprint[:1] in "01234567"


def load_groups(*paths: Path) -> dict[str, str]:
    """The groups of fingerprints files, or of all *.jsonl in a folder; of a source the first row counts.

    Raises:
        UsageError: a file cannot be read, or a row is not as `write_fingerprints` writes it.
    """
    files = files_of(paths)
    return groups_of(Repeatable(lambda: ((one.source, one.bits) for one in _prints(files))))


def known_prints(files: Iterable[Path]) -> dict[str, str]:
    """The fingerprints of files, by the digest of the image.

    Raises:
        UsageError: a file cannot be read, or a row is not as `write_fingerprints` writes it.
    """
    return {one.row["sha256"]: one.row["fingerprint"] for one in _prints(files) if "sha256" in one.row}


def load_unreadable(files: Iterable[Path]) -> dict[str, str]:
    """What these files of fingerprints say cannot be read, and why; `load_groups` tells what is wrong with a file."""
    rows = (row for file in files for row in JsonLines[FingerprintRow](lines_of_file(file), str(file)))
    return {row["source"]: row["unreadable"] for row in rows if "unreadable" in row}


def files_of(paths: Iterable[Path]) -> list[Path]:
    """The files, and those of the folders."""
    return [file for path in paths for file in (sorted(path.glob("*.jsonl")) if path.is_dir() else [path])]
