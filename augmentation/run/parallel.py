"""Work handed out by bytes; results in the order of the files, whatever the number of processes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from augmentation.input.sources import SourceFile
from augmentation.processes import CRASHED, in_processes
from augmentation.run.augmenter import Augmenter
from augmentation.run.result import SourceResult, refused

CRASHED_OR_KILLED = f"{CRASHED.removesuffix(')')}, or a custom step ended it or hung)"
CHUNK_BYTES = 1_000_000
CHUNK_FILES = 16


def chunks(files: Iterable[SourceFile]) -> Iterator[list[str]]:
    """Neighbors of at most 1 MB together, up to 50 ms of work: bytes of JPEG grow with its pixels."""
    chunk: list[str] = []
    size = 0
    for file in files:
        if chunk and (size + file.size > CHUNK_BYTES or len(chunk) >= CHUNK_FILES):
            yield chunk
            chunk, size = [], 0
        chunk.append(file.source)
        size += file.size
    if chunk:
        yield chunk


def augment_all(augmenter: Augmenter, files: Iterable[SourceFile], processes: int) -> Iterator[SourceResult]:
    """The result of each file, in the order of `files`; one that kills its process goes to the quarantine."""
    reason = CRASHED if augmenter.step_seconds is None else CRASHED_OR_KILLED
    return in_processes(augmenter.augment, chunks(files), processes, lambda source: refused(source, "read", reason))
