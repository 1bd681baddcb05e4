"""The fingerprint pass over a folder, and the groups of near-duplicates that come of it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from itertools import islice
from pathlib import Path

from augmentation.errors import BadImage, UsageError
from augmentation.image.fingerprint import fingerprint
from augmentation.inputs import find_sources
from augmentation.parallel import default_workers
from augmentation.readers import read_file
from augmentation.recipe_file import read_text
from domain.errors import InvalidInput
from domain.jsonlines import dump_line, load_lines
from domain.near_duplicates import groups_of, read_fingerprints
from domain.object_keys import key_problem

WINDOW, CHUNK = 4096, 32  # files that wait for a process; files that are handed to one at a time


def write_fingerprints(folder: Path, output: Path, workers: int | None = None) -> int:
    """Writes a row for each picture below `folder`, in the order of their names; returns how many.

    A host's shard gives a host's file. What is no picture gets no row: the run puts it into quarantine, with a reason.
    """
    names = (file.source for file in find_sources(folder) if not key_problem(file.source))
    output.parent.mkdir(parents=True, exist_ok=True)
    unfinished = output.with_name(f".{output.name}.part")
    count = 0
    with unfinished.open("w", encoding="utf-8", newline="\n") as lines:
        for source, bits in _all(folder, names, workers or default_workers()):
            if bits is not None:
                lines.write(f"{dump_line({'source': source, 'fingerprint': bits})}\n")
                count += 1
    os.replace(unfinished, output)
    return count


def load_groups(path: Path | None) -> dict[str, str]:
    """The groups of a fingerprints file, or of all *.jsonl in a folder: one file a host.

    Raises:
        UsageError: a file cannot be read, or a row is not as `write_fingerprints` writes it.
    """
    if path is None:
        return {}
    files = sorted(path.glob("*.jsonl")) if path.is_dir() else [path]
    found: dict[str, int] = {}
    try:
        for file in files:
            found.update(read_fingerprints(load_lines(read_text(file, "fingerprints"), str(file)), str(file)))
    except InvalidInput as error:
        raise UsageError(f"{error}; make the file with `python -m augmentation fingerprint`") from error
    return groups_of(found)


def _all(folder: Path, names: Iterator[str], workers: int) -> Iterator[tuple[str, str | None]]:
    if workers == 1:
        yield from ((name, _of_file(folder / name)) for name in names)
        return
    with ProcessPoolExecutor(workers) as pool:
        while window := list(islice(names, WINDOW)):  # the pool would take all names at once
            paths = (folder / name for name in window)
            yield from zip(window, pool.map(_of_file, paths, chunksize=CHUNK))  # noqa: B905 - one to one


def _of_file(path: Path) -> str | None:
    try:
        return fingerprint(read_file(path))
    except (BadImage, OSError):
        return None
