"""What goes wrong in the simulated account: functions die, answers are lost, others come between two calls."""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from greenlet import getcurrent

from domain.errors import ServiceUnavailable

DEATHS = ("Lambda.Unknown", "Runtime.ExitError", "Runtime.OutOfMemory", "Sandbox.Timedout")
"""What Step Functions says of a function that was killed, ran out of memory or out of time."""


class Died(BaseException):
    """The process of a function is gone, in the middle of what it did."""


@dataclass
class Faults:
    """Probabilities. `death`: of each invocation; `unanswered` and `throttled`: of each call of a function to AWS,
    which was or was not carried out; `between`: that others go on between two calls of a function."""

    chance: random.Random
    death: float = 0.0
    unanswered: float = 0.0
    throttled: float = 0.0
    between: float = 0.0
    job_lost: float = 0.0
    event_lost: float = 0.0
    event_twice: float = 0.0
    stopped_between: float = 0.0
    seen: Counter[str] = field(default_factory=Counter)

    def strikes(self, kind: str) -> bool:
        happens = self.chance.random() < float(getattr(self, kind))
        self.seen[kind] += happens
        return happens

    def calm(self) -> None:
        """No more of it."""
        self.death = self.unanswered = self.throttled = self.between = 0.0
        self.job_lost = self.event_lost = self.event_twice = self.stopped_between = 0.0


@dataclass
class Invocation:
    """`dies_at`: the call to AWS at which this invocation's process ends, before or after the call is carried out."""

    dies_at: int | None
    after: bool
    calls: int = 0


class Port:
    """Stands before a port of the domain, for the one function that calls it."""

    def __init__(self, target: Any, faults: Faults, invocation: Invocation) -> None:
        self._target, self._faults, self._invocation = target, faults, invocation

    def __getattr__(self, name: str) -> Any:
        value = getattr(self._target, name)
        if not callable(value):
            return value

        def call(*arguments: Any, **options: Any) -> Any:
            self._point(after=False)
            if self._faults.strikes("throttled"):
                raise ServiceUnavailable(f"{name}: ThrottlingException")
            answer = value(*arguments, **options)
            self._point(after=True)
            if self._faults.strikes("unanswered"):
                raise ServiceUnavailable(f"{name}: ReadTimeoutError")
            return answer

        return call

    def _point(self, *, after: bool) -> None:
        if not after:
            self._invocation.calls += 1
        if (self._invocation.calls, self._invocation.after) == (self._invocation.dies_at, after):
            raise Died
        parent = getcurrent().parent
        if parent is not None and self._faults.strikes("between"):
            parent.switch("between")
