"""Faults of a fake cloud: at which call of which operation, and what goes wrong there."""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import dataclass, field

from botocore.exceptions import ClientError, ReadTimeoutError

TRANSIENT = ("throttled", "denied", "not found", "in use", "server error", "timed out", "response lost", "crash")


class CrashError(Exception):
    """The process died between two calls: no code of ours may catch it."""


def client_error(code: str, operation: str, status: int = 400, message: str = "injected") -> ClientError:
    response = {"Error": {"Code": code, "Message": message}, "ResponseMetadata": {"HTTPStatusCode": status}}
    return ClientError(response, operation)


@dataclass
class Faults:
    """`planned`: (operation, occurrence) -> kind. `always`: operation (and words in its request) -> kind."""

    planned: dict[tuple[str, int], str] = field(default_factory=dict)
    always: list[tuple[str, tuple[str, ...], str]] = field(default_factory=list)
    random: random.Random | None = None
    rate: float = 0.0
    calls: Counter[str] = field(default_factory=Counter)
    injected: Counter[str] = field(default_factory=Counter)
    _last_lied: Counter[str] = field(default_factory=Counter)

    def stop(self) -> None:
        """Transient faults end."""
        self.planned.clear()
        self.rate = 0.0

    def before(self, operation: str, request: str) -> str | None:
        """Raise the fault of this call; `"response lost"` is returned, for the call is carried out first."""
        self.calls[operation] += 1
        kind = self._kind(operation, request)
        if kind is None:
            return None
        self.injected[kind] += 1
        if kind == "response lost":
            return kind
        raise_fault(kind, operation)
        return None

    def _kind(self, operation: str, request: str) -> str | None:
        for name, words, kind in self.always:
            if name == operation and all(word in request for word in words):
                return kind
        planned = self.planned.get((operation, self.calls[operation]))
        if planned is None and self.random is not None and self.random.random() < self.rate:
            planned = self.random.choice(TRANSIENT)
        if planned == "not found":
            # A list that lies twice in a row cannot be told from the truth by anybody.
            if self.calls[operation] - self._last_lied[operation] < 40 and self._last_lied[operation]:
                return "throttled"
            self._last_lied[operation] = self.calls[operation]
        return planned


def raise_fault(kind: str, operation: str) -> None:
    codes = {
        "throttled": ("ThrottlingException", 400),
        "denied": ("AccessDeniedException", 403),
        "not found": ("ResourceNotFoundException", 404),
        "in use": ("ResourceInUse", 409),
        "server error": ("SomethingBroke", 503),
        "refused": ("ValidationException", 400),
    }
    if kind == "crash":
        raise CrashError(operation)
    if kind in ("timed out", "response lost"):
        raise ReadTimeoutError(endpoint_url=f"https://fake/{operation}")
    code, status = codes[kind]
    raise client_error(code, operation, status)
