"""Findings with pictures, in words, for the page."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from augmentation.doctor.findings import Findings
from augmentation.doctor.pictures import Finding
from domain.report.doctor_page import Card, Section
from domain.text import counted

MOST, ABREAST = 40, 6  # findings of a kind, and pictures of a finding, that the page shows; the JSON has all

_COPIES = {
    "exact": "the same bytes",
    "near": "the same photo: saved again, scaled, mirrored, turned or cut",
    "semantic": "nearly the same scene",
}
TITLES: dict[str, tuple[str, str]] = {
    "leakage": ("Leakage", "Copies in several splits of the version: it was tested with what it was trained on."),
    "label_issues": (
        "Labels in doubt",
        "A classifier that never saw the picture finds its label improbable, by what the other labels say.",
    ),
    "duplicates": (
        "Duplicates",
        "One photo several times. Those with different labels come first. Quarantine spares the first of them.",
    ),
    "unreadable": ("Unreadable", "A run puts these into quarantine."),
    "blank": ("Blank", "Hardly anything but one color."),
    "blurred": ("Blurred", "Nowhere sharp."),
    "dark": ("Dark", "Hardly a pixel is bright."),
    "bright": ("Bright", "Hardly a pixel is dark."),
    "outliers": ("Outliers", "Far from all others of their class. Rare, or not what the class is about?"),
    "odd_size": ("Odd sizes", "Much smaller or larger than most."),
    "odd_ratio": ("Odd ratios", "Much longer for their width than most."),
    "imbalance": ("Rare classes", "Less than a tenth of what the largest class has."),
}


def sections(findings: Findings, draw: Callable[[Sequence[str]], Mapping[str, str]]) -> list[Section]:
    """Of the kinds that were found, in their order, each with the most harmful findings; `draw` gives data URIs of
    small pictures, by file."""
    shown = {kind: found[:MOST] for kind, found in findings.items() if found}
    named = [source for found in shown.values() for one in found for source in sources_of(one)[:ABREAST]]
    pictures = draw(list(dict.fromkeys(named)))
    return [
        Section(kind, *TITLES[kind], [_card(one, pictures) for one in found], len(findings[kind]) - len(found))
        for kind, found in shown.items()
    ]


def sources_of(finding: Finding) -> list[str]:
    """The files that a finding is about."""
    if "sources" in finding:
        return list(finding["sources"])
    return [finding["source"]] if "source" in finding else []


def _card(finding: Finding, pictures: Mapping[str, str]) -> Card:
    sources = sources_of(finding)
    return Card(
        words=_words(finding),
        fix=finding.get("fix", ""),
        files=sources,
        pictures=[(source, pictures.get(source, "")) for source in sources[:ABREAST]],
        score=finding.get("score"),
    )


_WORDS: Sequence[tuple[str, Callable[[Finding], str]]] = (
    ("given", lambda one: f"labeled {one['given']}, rather {one['suggested']}?"),
    ("splits", lambda one: f"{_COPIES[one['kind']]}, in {' and '.join(sorted({*filter(None, one['splits'])}))}"),
    ("kind", lambda one: f"{_COPIES[one['kind']]}{', with different labels' if one['across_labels'] else ''}"),
    ("reason", lambda one: str(one["reason"])),
    ("width", lambda one: f"{one['width']:,} × {one['height']:,} pixels"),
    ("count", lambda one: f"{one['label']}: {counted(one['count'], 'file')}, the largest has {one['largest']:,}"),
    ("label", lambda one: str(one["label"] or "")),
)


def _words(finding: Finding) -> str:
    return next((words(finding) for field, words in _WORDS if field in finding), "")
