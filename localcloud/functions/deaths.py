"""A function dies in an invocation where the plan of outcomes says so: its process is killed, whatever it is doing.

The rule: {"operation": "Invoke", "name": <of the function, * allowed>, "reason": "killed", "delay": <seconds>}.
An invocation that is over by then has lived. On AWS the same comes of memory that does not suffice.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from localcloud.sagemaker import outcomes

KILLED = "killed"
_PAUSE_SECONDS = 0.005


@contextmanager
def planned(worker: Any) -> Iterator[threading.Event]:
    """Around an invocation of the worker; the event says whether it was killed."""
    killed = threading.Event()
    outcome = outcomes.PLAN.draw("Invoke", worker.func_name)
    if outcome.reason != KILLED:
        yield killed
        return
    over = threading.Event()
    threading.Thread(target=_kill, args=(worker, outcome.delay, over, killed), daemon=True).start()
    try:
        yield killed
    finally:
        over.set()


def _kill(worker: Any, delay: float, over: threading.Event, killed: threading.Event) -> None:
    if over.wait(delay):
        return
    while not over.is_set():
        process = worker._proc
        if process is not None and process.poll() is None:  # a cold start has no process yet
            killed.set()
            process.kill()
            return
        time.sleep(_PAUSE_SECONDS)
