"""What the doctor found in a version's sources, in the report: how much of what, and the way to its page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from domain.report.html import rendered
from domain.rows import DatasetFacts

if TYPE_CHECKING:
    from markupsafe import Markup

NOT_ASKED = 'not asked; doctor: "report" in the input of a run asks it, and run --doctor on a laptop'


def doctor_section(dataset: DatasetFacts) -> Markup | str:
    """Nothing where it was not asked: then the lineage says so."""
    if "doctor" not in dataset:
        return ""
    found = dataset["doctor"]
    reasons: dict[str, list[str]] = {}
    for check, reason in found["left_out"].items():
        reasons.setdefault(reason, []).append(_words(check))
    return rendered(
        "doctor_found.html",
        page=found["page"],
        findings={_words(kind): count for kind, count in found["findings"].items()},
        left_out=[(", ".join(checks), reason) for reason, checks in reasons.items()],
    )


def asked(dataset: DatasetFacts) -> str:
    """For the lineage."""
    if "doctor" not in dataset:
        return NOT_ASKED
    return f"{sum(dataset['doctor']['findings'].values()):,} findings, in {dataset['doctor']['page']}"


def _words(kind: str) -> str:
    return kind.replace("_", " ")
