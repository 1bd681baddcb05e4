"""How long a function may go on starting requests."""

from __future__ import annotations

from collections.abc import Callable

_ONE_CALL = 90_000
"""Milliseconds that one request may take with all its retries (3 attempts of 18 s, and the pauses)."""


def before_timeout(remaining: Callable[[], int]) -> Callable[[], bool]:
    """Whether there is time for another request; `remaining` gives the milliseconds to the function's time-out."""
    reserve = min(_ONE_CALL, remaining() // 2)
    return lambda: remaining() > reserve
