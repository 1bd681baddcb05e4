"""Work in processes that may die: each item has its result, and one that kills its process costs only itself.

Codecs are C. A damaged file that crashes one, or makes it eat all memory, must end no run.
"""

from __future__ import annotations

import multiprocessing
import multiprocessing.connection
import os
import signal
import threading
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from functools import partial
from itertools import islice
from typing import Any, TypeVar

Item = TypeVar("Item")
Result = TypeVar("Result")
Do = Callable[[list[Item]], list[Result]]

CRASHED = "the process died while it worked on this file (out of memory, or a codec crashed)"
_do: Do[Any, Any] | None = None


def default_processes() -> int:
    """The cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def chunked(items: Iterable[Item], size: int) -> Iterator[list[Item]]:
    """In lists of `size`, the last one shorter, taken as they are needed."""
    left = iter(items)
    while chunk := list(islice(left, size)):
        yield chunk


def in_processes(
    do: Do[Item, Result], chunks: Iterable[list[Item]], processes: int, died: Callable[[Item], Result]
) -> Iterator[Result]:
    """`do(chunk)` of each chunk, in order: a result for each item. At most two chunks a process are in memory.

    An item that kills its process has `died(item)`; the others of its chunk are done again, one at a time. Nothing is
    done in this process, not even with one process.
    """
    left = iter(chunks)
    while True:
        torn = yield from _until_broken(do, left, processes)
        if not torn:
            return
        yield from _one_by_one(do, torn, died)


def _until_broken(
    do: Do[Item, Result], chunks: Iterator[list[Item]], processes: int
) -> Generator[Result, None, list[Item]]:
    """Yields results until all is done or a process dies; returns the items that are not done then."""
    in_hand: deque[list[Item]] = deque()
    futures: deque[Future[list[Result]]] = deque()
    with _Pool(do, processes) as pool:
        try:
            for chunk in chunks:
                in_hand.append(chunk)
                futures.append(pool.submit(_work, chunk))
                if len(futures) >= 2 * processes:
                    yield from _oldest(in_hand, futures)
            while futures:
                yield from _oldest(in_hand, futures)
        except BrokenProcessPool:
            return [item for chunk in in_hand for item in chunk]
    return []


def _oldest(in_hand: deque[list[Item]], futures: deque[Future[list[Result]]]) -> list[Result]:
    results = futures[0].result()
    futures.popleft()
    in_hand.popleft()
    return results


def _one_by_one(do: Do[Item, Result], items: list[Item], died: Callable[[Item], Result]) -> Iterator[Result]:
    """One item at a time, so that it is clear which one kills its process."""
    while items:
        done = 0
        with _Pool(do, 1) as pool:
            for item in items:
                try:
                    results = pool.submit(_work, [item]).result()
                except BrokenProcessPool:
                    results = [died(item)]
                    break
                finally:
                    done += 1
                yield from results
            else:
                return
        yield from results
        items = items[done:]


class _Pool(ProcessPoolExecutor):
    """Processes that know what to do. They leave Ctrl-C to their parent, and end when it ends, however it ends."""

    def __init__(self, do: Do[Any, Any], processes: int) -> None:
        # fork shares the plan and the imports with every process; it is safe because no thread of ours runs.
        method = "fork" if "fork" in multiprocessing.get_all_start_methods() else "spawn"
        super().__init__(processes, multiprocessing.get_context(method), initializer=partial(_enter, do))

    def __exit__(self, *_: object) -> None:
        self.shutdown(cancel_futures=True)


def _enter(do: Do[Any, Any]) -> None:
    global _do  # a process of the pool has exactly one
    _do = do
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        multiprocessing.connection.wait([parent.sentinel])
        os._exit(1)


def _work(chunk: list[Any]) -> list[Any]:
    if _do is None:
        raise RuntimeError("the process of the pool was not initialized")
    return _do(chunk)
