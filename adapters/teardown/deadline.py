"""How long a function may go on starting requests."""

from __future__ import annotations

from collections.abc import Callable

from adapters.clients import LONGEST_CALL_SECONDS


def before_timeout(remaining: Callable[[], int]) -> Callable[[], bool]:
    """Whether there is time for another request; `remaining` gives the milliseconds to the function's time-out."""
    reserve = min(LONGEST_CALL_SECONDS * 1000, remaining() // 2)
    return lambda: remaining() > reserve
