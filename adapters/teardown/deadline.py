"""How long a function may go on starting requests."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from adapters.clients import LONGEST_CALL_SECONDS
from domain.errors import ServiceUnavailable

LOOKING = 0.5
"""The share of a step's time in which it looks; then it deletes what it has seen, whatever it could not see."""


def before_timeout(remaining: Callable[[], int], share: float = 1.0) -> Callable[[], bool]:
    """Whether there is time for another request, in the first `share` of the time that there is.

    `remaining` gives the milliseconds to the function's time-out; a request may take LONGEST_CALL_SECONDS of them.
    """
    now = remaining()
    reserve = min(LONGEST_CALL_SECONDS * 1000, now // 2)
    end = reserve + (now - reserve) * (1 - share)
    return lambda: remaining() > end


@dataclass(frozen=True)
class InTime:
    """A client that begins no request, and reads no further page, for which `in_time` sees no time left.

    A list of thousands of things that are all others' gives nothing back for minutes: whoever takes its items could not
    look at the clock. A call then raises `ServiceUnavailable`, as for an answer that did not come.
    """

    client: Any
    in_time: Callable[[], bool]

    def __getattr__(self, operation: str) -> Callable[..., Any]:
        def call(**request: Any) -> Any:
            self._check()
            return getattr(self.client, operation)(**request)

        return call

    def get_paginator(self, operation: str) -> _PagesInTime:
        return _PagesInTime(self.client.get_paginator(operation), self._check)

    def _check(self) -> None:
        if not self.in_time():
            raise ServiceUnavailable("the step's time was up")


@dataclass(frozen=True)
class _PagesInTime:
    paginator: Any
    check: Callable[[], None]

    def paginate(self, **request: Any) -> Iterator[dict[str, Any]]:
        pages = iter(self.paginator.paginate(**request))
        while True:
            self.check()
            page = next(pages, None)
            if page is None:
                return
            yield page
