"""What the doctor found, as a page: each finding with its pictures, and what to do with it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from domain.report.html import rendered


@dataclass(frozen=True)
class Card:
    """A finding in `words`. `fix`: the proposal, or nothing where no file can be blamed. `pictures`: file and
    thumbnail, which is empty where there is none; `files` may be more."""

    words: str
    fix: str
    files: Sequence[str]
    pictures: Sequence[tuple[str, str]]
    score: float | None = None


@dataclass(frozen=True)
class Section:
    """Findings of one kind; `hidden` more are in `doctor.json`."""

    kind: str
    title: str
    note: str
    cards: Sequence[Card]
    hidden: int = 0

    @property
    def count(self) -> int:
        return len(self.cards) + self.hidden


def doctor_page(
    name: str, files: int, classes: Mapping[str, int], left_out: Mapping[str, str], sections: Sequence[Section]
) -> str:
    """The whole page, which needs no network; sections in the order of harm. `left_out`: checks, and why not."""
    return rendered(
        "doctor.html", name=name, files=files, classes=classes, left_out=_by_reason(left_out), sections=sections
    )


def _by_reason(left_out: Mapping[str, str]) -> list[tuple[str, str]]:
    """Each reason with the checks that it kept from being made."""
    checks: dict[str, list[str]] = {}
    for check, reason in left_out.items():
        checks.setdefault(reason, []).append(check.replace("_", " "))
    return [(", ".join(names), reason) for reason, names in checks.items()]
