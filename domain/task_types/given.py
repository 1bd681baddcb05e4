"""What must be known of an object before people can be asked about it, beside its address."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from domain.task_types.model import TaskType

MAX_RECORD = 20_000
"""Characters of a record as JSON: it and nine reviews of it lie in one item of DynamoDB, which has at most 400 KB."""
_EXACT = 2**53 - 1
"""Integers up to this a browser shows as they are: https://tc39.es/ecma262/#sec-number.max_safe_integer"""


def check_given(kind: TaskType, given: Mapping[str, Any], labels: Sequence[str]) -> None:
    """Whether a line of a manifest says what tasks of this kind need, and workers can see it as it is.

    Raises:
        ValueError: it does not; the message names the field and says what is wrong with it.
    """
    for name in kind.needs:
        if name not in given:
            raise ValueError(f"{name} is missing, which {kind.name} needs of each object")
    problem = given_problem(kind.needs, given, labels)
    if problem:
        raise ValueError(problem)


def given_problem(names: Sequence[str], given: Mapping[str, Any], labels: Sequence[str]) -> str:
    """What is wrong with these fields, as far as they are there; empty if nothing is."""
    problems = ((name, _CHECKS[name](given[name], labels)) for name in names if name in given)
    return next((f"{name} {problem}" for name, problem in problems if problem), "")


def _text(value: Any, _labels: Sequence[str]) -> str:
    return "" if isinstance(value, str) and value.strip() else "must be a text that is not empty"


def _transcript(value: Any, _labels: Sequence[str]) -> str:
    return "" if isinstance(value, str) else "must be a text; an empty one says that nothing is said"


def _label(value: Any, labels: Sequence[str]) -> str:
    return "" if value in labels else f"is {value!r}, which is none of the task's labels: {list(labels)}"


def _record(value: Any, _labels: Sequence[str]) -> str:
    if not isinstance(value, Mapping) or not value:
        return "must be an object with at least one field"
    for name, field in value.items():
        if not isinstance(field, (str, int, float, bool, type(None))):
            return f"has {name!r}, which is no text, number, truth value or null; give its parts as fields"
        if (isinstance(field, float) and not math.isfinite(field)) or (isinstance(field, int) and abs(field) > _EXACT):
            return f"has {name!r}, a number that a browser cannot show as it is; give it as a text"
    size = len(json.dumps(value, ensure_ascii=False))
    return f"has {size:,} characters; a record has at most {MAX_RECORD:,}" if size > MAX_RECORD else ""


_CHECKS: dict[str, Callable[[Any, Sequence[str]], str]] = {
    "source": _text,
    "transcript": _transcript,
    "label": _label,
    "record": _record,
}
