"""Bars of plain HTML: classes before and after, splits by source and by file."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from domain.recipe.splits import SPLITS
from domain.report.html import escape, noun, percent, section

CLASSES_SHOWN = 20
SPLIT_WORDS = {"train": "training", "val": "validation", "test": "test"}


def class_bars(dataset: Mapping[str, Any]) -> str:
    """Training images of each class before, and files after; each of the two on a scale of its own."""
    classes = dataset["classes"]
    order = sorted(classes, key=lambda name: (-classes[name]["training_sources"], name))[:CLASSES_SHOWN]
    rows = []
    for title, field, kind in (
        (f"Training {noun(dataset)}s before", "training_sources", "before"),
        ("Training files after", "training_outputs", ""),
    ):
        largest = max((one[field] for one in classes.values()), default=0)
        bars = "".join(_bar(name, classes[name][field], largest, kind) for name in order)
        rows.append(f'<h3>{title}</h3><div class="bars">{bars}</div>')
    hidden = len(classes) - CLASSES_SHOWN
    more = f'<p class="note">{hidden} smaller classes are in dataset.json.</p>' if hidden > 0 else ""
    return section("Classes", "".join(rows) + more, _balance_note(classes, noun(dataset)))


def balance(classes: Mapping[str, Any], field: str) -> float | None:
    """Smallest class over largest in the training split; None with fewer than two classes."""
    counts = [one[field] for one in classes.values()]
    return min(counts) / max(counts) if len(counts) > 1 and max(counts) else None


def _balance_note(classes: Mapping[str, Any], noun: str) -> str:
    before, after = balance(classes, "training_sources"), balance(classes, "training_outputs")
    if before is None or after is None:
        return "One class alone: nothing to balance."
    return (
        f"The smallest class had {percent(before)} of the largest one's training {noun}s; now it has {percent(after)}."
    )


def _bar(name: str, count: int, largest: int, kind: str) -> str:
    width = 100 * count / largest if largest else 0
    return (
        f'<span class="name">{escape(name)}</span>'
        f'<div class="track"><div class="bar {kind}" style="width:{width:.1f}%"></div></div>'
        f'<span class="value">{count:,}</span>'
    )


def split_bars(dataset: Mapping[str, Any]) -> str:
    splits = dataset["splits"]
    body = ""
    for title, field in ((f"Source {noun(dataset)}s", "sources"), ("Files", "outputs")):
        total = sum(splits[name][field] for name in SPLITS) or 1
        parts = "".join(
            f'<div class="{name}" style="width:{100 * splits[name][field] / total:.2f}%"></div>'
            for name in SPLITS
            if splits[name][field]
        )
        key = "".join(
            f'<span><i class="{name}"></i>{SPLIT_WORDS[name]} {splits[name][field]:,}</span>' for name in SPLITS
        )
        body += f'<h3>{title}</h3><div class="stack">{parts}</div><div class="key">{key}</div>'
    exports = "".join(
        _bar(name, count, max(dataset["exports"].values()), "") for name, count in dataset["exports"].items()
    )
    body += f'<h3>Files by export</h3><div class="bars">{exports}</div>'
    return section(
        "Splits",
        body,
        f"Split by source {noun(dataset)} before augmentation; only training {noun(dataset)}s were augmented.",
    )
