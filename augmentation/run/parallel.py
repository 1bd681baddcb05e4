"""One process a core, work handed out by bytes, results in the order of the work whatever the number of processes."""

from __future__ import annotations

import multiprocessing
from collections import deque
from collections.abc import Generator, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool

from augmentation.input.sources import SourceFile
from augmentation.run.augmenter import Augmenter
from augmentation.run.result import SourceResult, refused

CHUNK_BYTES = 1_000_000
CHUNK_FILES = 16
CRASHED = "the process died while it worked on this file (out of memory, or a codec crashed)"

Chunk = list[str]
_augmenter: Augmenter | None = None


def chunks(files: Iterable[SourceFile]) -> Iterator[Chunk]:
    """Neighbors of at most 1 MB together, up to 50 ms of work: bytes of JPEG grow with its pixels."""
    chunk: Chunk = []
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
    """The result of each file, in the order of `files`. At most two chunks a process are in memory.

    A file that kills its process costs that file: its neighbors are tried again, one by one.
    """
    work = list(chunks(files))
    if processes <= 1 or len(work) <= 1:
        for chunk in work:
            yield from augmenter.augment(chunk)
        return
    while work:
        done = yield from _until_broken(augmenter, work, min(processes, len(work)))
        work = work[done:]
        if work:
            yield from _one_by_one(augmenter, work[: 2 * processes])
            work = work[2 * processes :]


def _until_broken(augmenter: Augmenter, work: list[Chunk], processes: int) -> Generator[SourceResult, None, int]:
    """Yields results until all is done or a process dies; returns how many chunks were done."""
    done = 0
    with _pool(augmenter, processes) as pool:
        waiting: deque[Future[list[SourceResult]]] = deque()
        try:
            for chunk in work:
                waiting.append(pool.submit(_augment, chunk))
                if len(waiting) >= 2 * processes:
                    results = waiting.popleft().result()
                    yield from results
                    done += 1
            while waiting:
                results = waiting.popleft().result()
                yield from results
                done += 1
        except BrokenProcessPool:
            return done
    return done


def _one_by_one(augmenter: Augmenter, work: list[Chunk]) -> Iterator[SourceResult]:
    """One file at a time, so that it is clear which one kills its process."""
    pool = _pool(augmenter, 1)
    for source in (source for chunk in work for source in chunk):
        future = pool.submit(_augment, [source])
        if isinstance(future.exception(), BrokenProcessPool):
            yield refused(source, "read", CRASHED)
            pool.shutdown()
            pool = _pool(augmenter, 1)
        else:
            yield from future.result()
    pool.shutdown()


def _pool(augmenter: Augmenter, processes: int) -> ProcessPoolExecutor:
    # fork shares the plan and the imports with every process; it is safe because no thread of ours runs.
    method = "fork" if "fork" in multiprocessing.get_all_start_methods() else "spawn"
    context = multiprocessing.get_context(method)
    return ProcessPoolExecutor(processes, mp_context=context, initializer=_enter, initargs=(augmenter,))


def _enter(augmenter: Augmenter) -> None:
    global _augmenter  # a process of the pool has exactly one
    _augmenter = augmenter


def _augment(chunk: Chunk) -> list[SourceResult]:
    if _augmenter is None:
        raise RuntimeError("the process of the pool was not initialized")
    return _augmenter.augment(chunk)
