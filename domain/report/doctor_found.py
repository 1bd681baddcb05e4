"""What the doctor found in a version's sources, in the report: how much of what, and the way to its page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from domain.report.html import rendered
from domain.rows import DatasetFacts

if TYPE_CHECKING:
    from markupsafe import Markup

NOT_ASKED = 'not asked; doctor: "report" in the input of a run asks it, and run --doctor on a laptop'


WORDS = {
    "leakage": "leakage",
    "label_issues": "labels in doubt",
    "duplicates": "duplicates",
    "unreadable": "unreadable",
    "blank": "blank",
    "blurred": "blurred",
    "dark": "dark",
    "bright": "bright",
    "outliers": "outliers",
    "cropped and semantic duplicates": "cropped and semantic duplicates",
    "odd_size": "odd sizes",
    "odd_ratio": "odd ratios",
    "imbalance": "rare classes",
}
"""The most harmful first, in which order they are told."""


def doctor_section(dataset: DatasetFacts) -> Markup | str:
    """Nothing where it was not asked: then the lineage says so."""
    if "doctor" not in dataset:
        return ""
    found = dataset["doctor"]
    reasons: dict[str, list[str]] = {}
    for check in WORDS:
        if check in found["left_out"]:
            reasons.setdefault(found["left_out"][check], []).append(WORDS[check])
    return rendered(
        "doctor_found.html",
        page=found["page"],
        findings={WORDS[kind]: found["findings"][kind] for kind in WORDS if kind in found["findings"]},
        left_out=[(", ".join(checks), reason) for reason, checks in reasons.items()],
    )


def asked(dataset: DatasetFacts) -> str:
    """For the lineage."""
    if "doctor" not in dataset:
        return NOT_ASKED
    return f"{sum(dataset['doctor']['findings'].values()):,} findings, in {dataset['doctor']['page']}"
