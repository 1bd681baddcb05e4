"""The fingerprint pass over a folder, and the groups of near-duplicates that come of it."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import ProcessPoolExecutor
from itertools import islice
from pathlib import Path
from typing import Any

from augmentation.errors import BadFile, UsageError
from augmentation.image.fingerprint import fingerprint
from augmentation.inputs import find_sources
from augmentation.parallel import default_workers
from augmentation.readers import read_file
from augmentation.recipe_file import read_text
from augmentation.writers import write_file
from domain.errors import InvalidInput
from domain.jsonlines import dump_line, load_lines
from domain.near_duplicates import groups_of, read_fingerprints
from domain.object_keys import key_problem

Row = dict[str, Any]
WINDOW, CHUNK = 4096, 32  # files that wait for a process; files that are handed to one at a time


def keep_fingerprints(output: Path, files: Iterable[Path]) -> None:
    """Writes the rows of all files into one, in the order of the names; of a source the first row counts."""
    rows = _rows(files)
    write_file(output, "".join(f"{dump_line(rows[source])}\n" for source in sorted(rows)).encode())


def write_fingerprints(folder: Path, output: Path, workers: int | None = None, earlier: Iterable[Path] = ()) -> int:
    """Writes a row for each picture below `folder`, in the order of their names; returns how many.

    A host's shard gives a host's file. What is no picture gets no row: the run puts it into quarantine, with a reason.
    Rows of `earlier` files are taken over where the file still has the same bytes: reading is cheaper than decoding.
    """
    known = _rows(earlier)
    names = (file.source for file in find_sources(folder) if not key_problem(file.source))
    output.parent.mkdir(parents=True, exist_ok=True)
    unfinished = output.with_name(f".{output.name}.part")
    count = 0
    with unfinished.open("w", encoding="utf-8", newline="\n") as lines:
        for row in _all(folder, names, workers or default_workers(), known):
            if row is not None:
                lines.write(f"{dump_line(row)}\n")
                count += 1
    os.replace(unfinished, output)
    return count


def _rows(files: Iterable[Path]) -> dict[str, Row]:
    rows: dict[str, Row] = {}
    for file in files:
        for row in load_lines(read_text(file, "fingerprints"), str(file)):
            rows.setdefault(row["source"], row)
    return rows


def load_groups(*paths: Path) -> dict[str, str]:
    """The groups of fingerprints files, or of all *.jsonl in a folder; of a source the first row counts.

    Raises:
        UsageError: a file cannot be read, or a row is not as `write_fingerprints` writes it.
    """
    found: dict[str, int] = {}
    try:
        for file in files_of(paths):
            rows = read_fingerprints(load_lines(read_text(file, "fingerprints"), str(file)), str(file))
            found = {**rows, **found}
    except InvalidInput as error:
        raise UsageError(f"{error}; make the file with `python -m augmentation fingerprint`") from error
    return groups_of(found)


def files_of(paths: Iterable[Path]) -> list[Path]:
    """The files, and those of the folders."""
    return [file for path in paths for file in (sorted(path.glob("*.jsonl")) if path.is_dir() else [path])]


def _all(folder: Path, names: Iterator[str], workers: int, known: Mapping[str, Row]) -> Iterator[Row | None]:
    work = ((folder, name, known.get(name)) for name in names)
    if workers == 1:
        yield from map(_of_file, work)
        return
    with ProcessPoolExecutor(workers) as pool:
        while window := list(islice(work, WINDOW)):  # the pool would take all names at once
            yield from pool.map(_of_file, window, chunksize=CHUNK)


def _of_file(work: tuple[Path, str, Row | None]) -> Row | None:
    folder, name, known = work
    try:
        data = read_file(folder / name)
        digest = hashlib.sha256(data).hexdigest()
        bits = known["fingerprint"] if known and known.get("sha256") == digest else fingerprint(data)
    except (BadFile, OSError):
        return None
    return None if bits is None else {"source": name, "fingerprint": bits, "sha256": digest}
