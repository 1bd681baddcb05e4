"""How long a function of the user's may take: as long as it likes, unless the run sets a limit.

At its end an exception is raised in the function. One that catches it, or hangs in C, has its process killed soon
after by a watchdog that needs nothing of Python; what starts the processes then finds out which file it was.
"""

from __future__ import annotations

import faulthandler
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import NoReturn

GRACE_SECONDS = 5
_seconds: int | None = None


class TookTooLong(BaseException):
    """No Exception, which many functions catch."""


def limit_steps(seconds: int | None) -> None:
    """Sets the limit of this process, in seconds; None for none."""
    global _seconds  # a process has one timer
    _seconds = seconds


def is_limited() -> bool:
    return _seconds is not None


@contextmanager
def limited() -> Iterator[None]:
    """Ends what is done in it when the limit is over; only in a process's main thread, as signals are.

    Raises:
        TookTooLong: with the limit.
    """
    if _seconds is None:
        yield
        return
    before = signal.signal(signal.SIGALRM, _stop)
    faulthandler.dump_traceback_later(_seconds + GRACE_SECONDS, exit=True, file=sys.__stderr__ or sys.stderr)
    signal.setitimer(signal.ITIMER_REAL, _seconds)
    try:
        try:
            yield
        finally:
            signal.setitimer(signal.ITIMER_REAL, 0)
    finally:
        faulthandler.cancel_dump_traceback_later()
        signal.signal(signal.SIGALRM, before)


def _stop(*_: object) -> NoReturn:
    raise TookTooLong(f"more than {_seconds} seconds")
