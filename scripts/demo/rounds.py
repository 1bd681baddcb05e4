"""`make demo ASSIST=1`: people are asked in rounds, and what they are not asked a model labels."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from domain.labels.assisted import Share
from domain.labels.rows import LabelRow
from domain.report.html import percent
from domain.text import counted

SMALL = 1_000
FOR_FEW = {
    "target": 0.9,
    "first_per_class": 8,
    "minimum": 16,
    "batch_least": 4,
    "audit": 0.25,
    "audit_least": 3,
}
"""Below `SMALL` images the defaults, which are made for thousands, would ask about all. A model that has seen 16
answers is held to 90 % of right labels, not to 99 %."""

Figures = dict[str, Any]


def assist_input(images: int) -> dict[str, Any] | bool:
    """The part `assist` of the pipeline's input."""
    return FOR_FEW if images < SMALL else True


def figures(labeled: Figures, rows: Sequence[LabelRow], answers: Mapping[str, str] | None) -> Figures:
    """What the run says of its rounds, and how many of the machine's labels are right, where answers are known."""
    made = [row for row in rows if row.machine is not None]
    told: Figures = dict(labeled)
    if answers is not None:
        right = sum(answers.get(row.source) == row.label for row in made)
        told["machine_right"] = Share.counted(right, len(made)).model_dump()
    return told


def in_words(told: Figures) -> str:
    """For the terminal."""
    machine = counted(told["machine"], "image")
    right = f", {told['machine_right']['hits']} of them right" if "machine_right" in told and told["machine"] else ""
    audit, rounds = told["audit"], counted(told["rounds"], "round")
    objects = sum(told[name] for name in ("person", "consensus", "machine", "unlabeled", "rejected"))
    asked = f"People were asked about {told['asked']} of {objects} images, in {rounds}"
    labeled = f"the machine labeled {machine}{right} (its target: {percent(told['target'])})"
    return f"{asked}; {labeled}. In audits people confirmed {audit['hits']} of {audit['of']}."
