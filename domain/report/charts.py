"""Bars of plain HTML: classes before and after, splits by source and by file."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Literal

from domain.recipe.splits import SPLITS
from domain.report.html import noun, percent, rendered
from domain.rows import ClassFacts, DatasetFacts

if TYPE_CHECKING:
    from markupsafe import Markup

CLASSES_SHOWN = 20
SPLIT_WORDS = {"train": "training", "val": "validation", "test": "test"}
Trained = Literal["training_sources", "training_outputs"]


def class_bars(dataset: DatasetFacts) -> Markup:
    """Training images of each class before, and files after; each of the two on a scale of its own."""
    classes = dataset["classes"]
    order = sorted(classes, key=lambda name: (-classes[name]["training_sources"], name))[:CLASSES_SHOWN]

    def chart(title: str, kind: str, field: Trained) -> tuple[str, str, int, list[tuple[str, int]]]:
        largest = max((one[field] for one in classes.values()), default=0)
        return title, kind, largest, [(name, classes[name][field]) for name in order]

    return rendered(
        "classes.html",
        charts=[
            chart(f"Training {noun(dataset)}s before", "before", "training_sources"),
            chart("Training files after", "", "training_outputs"),
        ],
        hidden=len(classes) - CLASSES_SHOWN,
        note=_balance_note(classes, noun(dataset)),
    )


def balance(classes: Mapping[str, ClassFacts], field: Trained) -> float | None:
    """Smallest class over largest in the training split; None with fewer than two classes."""
    counts = [one[field] for one in classes.values()]
    return min(counts) / max(counts) if len(counts) > 1 and max(counts) else None


def _balance_note(classes: Mapping[str, ClassFacts], noun: str) -> str:
    before, after = balance(classes, "training_sources"), balance(classes, "training_outputs")
    if before is None or after is None:
        return "There is one class only: nothing to balance."
    return (
        f"The smallest class had {percent(before)} of the largest one's training {noun}s; now it has {percent(after)}."
    )


def split_bars(dataset: DatasetFacts) -> Markup:
    """Sources and files of each split, and the files of each export."""
    splits = dataset["splits"]

    def stack(title: str, field: Literal["sources", "outputs"]) -> tuple[str, int, list[tuple[str, str, int]]]:
        counts = [(name, SPLIT_WORDS[name], splits[name][field]) for name in SPLITS]
        return title, sum(count for *_, count in counts) or 1, counts

    return rendered(
        "splits.html",
        stacks=[stack(f"Source {noun(dataset)}s", "sources"), stack("Files", "outputs")],
        exports=dataset["exports"],
        noun=noun(dataset),
    )
