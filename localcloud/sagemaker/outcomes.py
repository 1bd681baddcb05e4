"""Failures that come later than the answer: a domain that ends as Failed, an app that stays Pending, no capacity.

`faults` fails the call itself. An outcome rule lets the call succeed and decides what becomes of it.
"""

from __future__ import annotations

import fnmatch
import random
import threading
from dataclasses import dataclass
from typing import Any

CAPACITY = (
    "CapacityError: Unable to provision requested ML compute capacity. Please retry using a different ML instance type."
)
INTERNAL = "InternalServerError: We encountered an internal error. Please try again."
REASONS = {"capacity": CAPACITY, "internal": INTERNAL}
_FIELDS = {"operation", "name", "reason", "delay", "count", "share"}


@dataclass(frozen=True)
class Outcome:
    """`reason` None: it succeeds all the same; `delay`: seconds that it takes longer (scaled as every delay is)."""

    reason: str | None
    delay: float


AS_USUAL = Outcome(None, 0.0)


class Plan:
    """A rule is {"operation", "name": "*", "reason": text or "capacity" or "internal", "delay": 0, "count": 1,
    "share": 1}; it meets so large a share of the calls that fit, the same ones whenever the plan is set."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._rules: list[dict[str, Any]] = []
        self._chance = random.Random(7)  # noqa: S311 - which calls, not a secret

    def set(self, rules: list[dict[str, Any]]) -> None:
        """Replace the plan. Raises ValueError naming the rule that cannot be understood."""
        for rule in rules:
            if not rule.get("operation") or set(rule) - _FIELDS or not ({"reason", "delay"} & set(rule)):
                raise ValueError(
                    f"outcome rule {rule}: give operation, then reason or delay, and at most name and count"
                )
        with self._lock:
            self._rules = [{"name": "*", "count": 1, "share": 1.0, **rule} for rule in rules]
            self._chance = random.Random(7)  # noqa: S311 - which calls, not a secret

    def draw(self, operation: str, name: str) -> Outcome:
        """What becomes of this call; uses up one count of the first rule that fits."""
        with self._lock:
            for rule in self._rules:
                fits = rule["operation"] == operation and fnmatch.fnmatchcase(name, rule["name"])
                if fits and rule["count"] > 0 and self._chance.random() < rule["share"]:
                    rule["count"] -= 1
                    reason = rule.get("reason")
                    return Outcome(REASONS.get(reason, reason) if reason else None, float(rule.get("delay", 0)))
        return AS_USUAL


PLAN = Plan()
