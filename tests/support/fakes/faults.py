"""Faults of a fake cloud: at which call of which operation, and what goes wrong there."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

from botocore.exceptions import ClientError, PaginationError, ReadTimeoutError
from botocore.parsers import ResponseParserError

TRANSIENT = ("throttled", "denied", "not found", "in use", "server error", "timed out", "response lost", "crash")

CODES = {
    "throttled": ("ThrottlingException", 400),
    "denied": ("AccessDeniedException", 403),
    "refused": ("ValidationException", 400),
    "not found": ("ResourceNotFoundException", 404),
    "in use": ("ResourceInUse", 409),
    "server error": ("SomethingBroke", 503),
    "capacity": ("InsufficientCapacityException", 400),
    "resource limit": ("ResourceLimitExceeded", 400),
}
"""Kinds that AWS answers instead of doing anything, with error code and HTTP status."""

NO_ANSWER = ("timed out", "poison page", "unreadable answer", "crash")
"""Kinds that end the call before anything is done, without an answer of AWS."""

APPLIED = ("response lost", "lost event")
"""Kinds in which the call is carried out and nobody learns of it: the connection, or the whole process, is gone."""

AROUND = ("by hand", "poison entry", "duplicate event", "stays pending", "clock forward", "clock back")
"""Kinds in which the call is carried out, and something else happens beside it; `Faults.beside` says what."""

KINDS = (*CODES, *NO_ANSWER, *APPLIED, *AROUND)
"""Every kind that a call can meet; `TRANSIENT` are those of the older tests."""


class CrashError(Exception):
    """The process died between two calls: no code of ours may catch it."""


def client_error(code: str, operation: str, status: int = 400, message: str = "injected") -> ClientError:
    response = {"Error": {"Code": code, "Message": message}, "ResponseMetadata": {"HTTPStatusCode": status}}
    return ClientError(response, operation)


@dataclass
class Faults:
    """`planned`: (operation, occurrence) -> kind. `always`: operation (and words in its request) -> kind.

    `kinds`: those of random faults. `beside`: what happens at a call besides it, by kind. `met`: (operation, kind) as
    often as it came to it.
    """

    planned: dict[tuple[str, int], str] = field(default_factory=dict)
    always: list[tuple[str, tuple[str, ...], str]] = field(default_factory=list)
    random: random.Random | None = None
    rate: float = 0.0
    kinds: tuple[str, ...] = TRANSIENT
    beside: dict[str, Callable[[], None]] = field(default_factory=dict)
    calls: Counter[str] = field(default_factory=Counter)
    injected: Counter[str] = field(default_factory=Counter)
    met: Counter[tuple[str, str]] = field(default_factory=Counter)
    _last_lied: Counter[str] = field(default_factory=Counter)

    def stop(self) -> None:
        """Transient faults end."""
        self.planned.clear()
        self.rate = 0.0

    def before(self, operation: str, request: str) -> str | None:
        """Raise the fault of this call; a kind is returned when the call is to be carried out all the same."""
        self.calls[operation] += 1
        kind = self._kind(operation, request)
        if kind is None:
            return None
        self.injected[kind] += 1
        self.met[operation, kind] += 1
        if kind in self.beside:
            self.beside[kind]()
        if kind in APPLIED or kind in AROUND:
            return kind
        raise_fault(kind, operation)
        return None

    def _kind(self, operation: str, request: str) -> str | None:
        for name, words, kind in self.always:
            if name == operation and all(word in request for word in words):
                return kind
        planned = self.planned.get((operation, self.calls[operation]))
        if planned is None and self.random is not None and self.random.random() < self.rate:
            planned = self.random.choice(self.kinds)
        if planned == "not found":
            # A list that lies twice in a row cannot be told from the truth by anybody.
            if self.calls[operation] - self._last_lied[operation] < 40 and self._last_lied[operation]:
                return "throttled"
            self._last_lied[operation] = self.calls[operation]
        return planned


def raise_fault(kind: str, operation: str) -> None:
    if kind in ("crash", "lost event"):
        raise CrashError(operation)
    if kind in ("timed out", "response lost"):
        raise ReadTimeoutError(endpoint_url=f"https://fake/{operation}")
    if kind == "poison page":
        raise PaginationError(message=f"The same next token was received twice: {operation}")
    if kind == "unreadable answer":
        raise ResponseParserError(f"Unable to parse response of {operation}")
    code, status = CODES[kind]
    raise client_error(code, operation, status)
