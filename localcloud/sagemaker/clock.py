"""Time of the local cloud: asynchronous state changes happen on one daemon thread, in order of their due time.

KEMPELEN_TIME_SCALE scales every delay: 0.1 makes a 10 s delay take 1 s.
"""

from __future__ import annotations

import heapq
import itertools
import logging
import os
import threading
import time
from collections.abc import Callable

_LOG = logging.getLogger(__name__)
_WAKE = threading.Condition()
_DUE: list[tuple[float, int, Callable[[], None]]] = []
_ORDER = itertools.count()
_STARTED = False


def now() -> float:
    """Epoch seconds, as SageMaker's timestamps are."""
    return time.time()


def scale() -> float:
    return float(os.environ.get("KEMPELEN_TIME_SCALE", "1"))


def after(seconds: float, function: Callable[[], None]) -> None:
    """Call `function` in `seconds` (scaled). It must be short: everybody else's changes wait for it."""
    global _STARTED
    with _WAKE:
        heapq.heappush(_DUE, (time.monotonic() + seconds * scale(), next(_ORDER), function))
        if not _STARTED:
            threading.Thread(target=_run, name="localcloud-clock", daemon=True).start()
            _STARTED = True
        _WAKE.notify()


def cancel_all() -> None:
    with _WAKE:
        _DUE.clear()
        _WAKE.notify()


def _run() -> None:
    while True:
        _one(_next_due())


def _next_due() -> Callable[[], None]:
    with _WAKE:
        while True:
            wait = _DUE[0][0] - time.monotonic() if _DUE else None
            if wait is not None and wait <= 0:
                return heapq.heappop(_DUE)[2]
            _WAKE.wait(wait)


def _one(function: Callable[[], None]) -> None:
    try:
        function()
    except Exception:  # noqa: BLE001  (one failing change must not stop the clock)
        _LOG.exception("a state change of the local cloud failed: %s", function)
