"""What a look found. A look that was denied is a finding too, and never the end of the others."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from adapters.aws_errors import translated
from domain.errors import AccessDenied, AwsError


class Verdict(StrEnum):
    OK = "ok"
    PROBLEM = "PROBLEM"
    NOTE = "note"
    UNKNOWN = "could not look"


@dataclass(frozen=True)
class Finding:
    """`detail` says what was seen and, of a problem, what to do."""

    topic: str
    verdict: Verdict
    detail: str


def ok(topic: str, detail: str) -> Finding:
    return Finding(topic, Verdict.OK, detail)


def problem(topic: str, detail: str) -> Finding:
    return Finding(topic, Verdict.PROBLEM, detail)


def note(topic: str, detail: str) -> Finding:
    return Finding(topic, Verdict.NOTE, detail)


def judged(topic: str, good: bool, detail: str, otherwise: str) -> Finding:
    return ok(topic, detail) if good else problem(topic, otherwise)


def looked(topic: str, look: Callable[[], Iterable[Finding]]) -> Iterator[Finding]:
    """What the look finds, up to the call that AWS refused, and that refusal."""
    try:
        with translated(topic):
            yield from look()
    except AccessDenied as error:
        yield Finding(topic, Verdict.UNKNOWN, f"AccessDenied: {error}")
    except AwsError as error:
        yield Finding(topic, Verdict.UNKNOWN, str(error))
