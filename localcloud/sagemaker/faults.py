"""Faults on request: a plan says which occurrence of which operation fails, and how."""

from __future__ import annotations

import threading
from collections import Counter
from dataclasses import dataclass
from typing import Any

# kind -> (error code, message, HTTP status, was the request applied before the error?)
KINDS: dict[str, tuple[str, str, int, bool]] = {
    "throttle": ("ThrottlingException", "Rate exceeded", 400, False),
    "deny": ("AccessDeniedException", "User is not authorized to perform this action", 400, False),
    "closed": ("AccessDeniedException", "Ground Truth is not available to new customers", 400, False),
    "not-found": ("ResourceNotFound", "The resource does not exist", 400, False),
    "in-use": ("ResourceInUse", "The resource is in use", 400, False),
    "limit": ("ResourceLimitExceeded", "The account-level service limit is reached", 400, False),
    "server": ("InternalFailure", "The request failed because of an internal error", 500, False),
    "unavailable": ("ServiceUnavailable", "The service is unavailable", 503, False),
    "lost": ("RequestTimeout", "The request was applied, but its response was lost", 503, True),
}


@dataclass(frozen=True)
class Fault:
    code: str
    message: str
    status: int
    applied: bool


class Plan:
    """Which calls fail.

    A rule is {"operation", "kind", "first": 1, "count": 1}; occurrences are counted from when the plan is set.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._rules: list[dict[str, Any]] = []
        self._seen: Counter[int] = Counter()

    def set(self, rules: list[dict[str, Any]]) -> None:
        """Replace the plan. Raises ValueError naming the rule that cannot be understood."""
        for rule in rules:
            if rule.get("kind") not in KINDS:
                raise ValueError(f"fault rule {rule}: kind must be one of {', '.join(sorted(KINDS))}")
            if not rule.get("operation") or set(rule) - {"operation", "kind", "first", "count"}:
                raise ValueError(f"fault rule {rule}: give operation and kind, and at most first and count")
        with self._lock:
            self._rules = [dict(rule) for rule in rules]
            self._seen.clear()

    def draw(self, operation: str) -> Fault | None:
        """The fault that this call of `operation` ("*" in a rule: any) meets, if one is due."""
        with self._lock:
            drawn = None
            for index, rule in enumerate(self._rules):
                if rule["operation"] not in (operation, "*"):
                    continue
                self._seen[index] += 1
                first = int(rule.get("first", 1))
                if drawn is None and first <= self._seen[index] < first + int(rule.get("count", 1)):
                    drawn = Fault(*KINDS[rule["kind"]])
            return drawn


PLAN = Plan()
