"""One process a core, work handed out by bytes, results in the order of the work whatever the number of processes."""

from __future__ import annotations

import multiprocessing
import os
from collections import deque
from collections.abc import Generator, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool

from augmentation.inputs import SourceFile
from augmentation.result import SourceResult, refused
from augmentation.source_work import Workshop

CHUNK_BYTES = 1_000_000
CHUNK_FILES = 16
CRASHED = "the process died while it worked on this file (out of memory, or a codec crashed)"

Chunk = list[str]
_workshop: Workshop | None = None


def default_workers() -> int:
    """The cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


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


def work_off_all(workshop: Workshop, files: Iterable[SourceFile], workers: int) -> Iterator[SourceResult]:
    """The result of each file, in the order of `files`. At most two chunks a worker are in memory.

    A file that kills its process costs that file: its neighbors are tried again, one by one.
    """
    work = list(chunks(files))
    if workers <= 1 or len(work) <= 1:
        for chunk in work:
            yield from workshop.work_off(chunk)
        return
    while work:
        done = yield from _until_broken(workshop, work, min(workers, len(work)))
        work = work[done:]
        if work:
            yield from _one_by_one(workshop, work[: 2 * workers])
            work = work[2 * workers :]


def _until_broken(workshop: Workshop, work: list[Chunk], workers: int) -> Generator[SourceResult, None, int]:
    """Yields results until all is done or a process dies; returns how many chunks were done."""
    done = 0
    with _pool(workshop, workers) as pool:
        waiting: deque[Future[list[SourceResult]]] = deque()
        try:
            for chunk in work:
                waiting.append(pool.submit(_work_off, chunk))
                if len(waiting) >= 2 * workers:
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


def _one_by_one(workshop: Workshop, work: list[Chunk]) -> Iterator[SourceResult]:
    """Each file alone in a process, so that it is clear which one kills it."""
    pool = _pool(workshop, 1)
    for source in (source for chunk in work for source in chunk):
        future = pool.submit(_work_off, [source])
        if isinstance(future.exception(), BrokenProcessPool):
            yield refused(source, "read", CRASHED)
            pool.shutdown()
            pool = _pool(workshop, 1)
        else:
            yield from future.result()
    pool.shutdown()


def _pool(workshop: Workshop, workers: int) -> ProcessPoolExecutor:
    # fork shares the plan and the imports with every worker; it is safe because no thread of ours runs.
    method = "fork" if "fork" in multiprocessing.get_all_start_methods() else "spawn"
    context = multiprocessing.get_context(method)
    return ProcessPoolExecutor(workers, mp_context=context, initializer=_enter, initargs=(workshop,))


def _enter(workshop: Workshop) -> None:
    global _workshop  # a worker process has exactly one
    _workshop = workshop


def _work_off(chunk: Chunk) -> list[SourceResult]:
    if _workshop is None:
        raise RuntimeError("the worker process was not initialized")
    return _workshop.work_off(chunk)
