"""Findings as `doctor.json` has them (docs/doctor.md): each kind a list, the most harmful first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from augmentation.doctor.duplicates import Duplicates
from augmentation.doctor.pictures import Finding, rounded, worst_first
from augmentation.embedding.kept import Embeddings
from augmentation.embedding.packages import lacking
from domain.errors import InvalidInput
from learning.label_issues import find_label_issues

Findings = dict[str, list[Finding]]

KINDS = ("exact", "near", "semantic")
# What is proposed, by kind: of copies with one label all but the first can go; what a person may want is kept.
REVIEW, QUARANTINE, KEEP = "review", "quarantine", "keep"
FIXES = {
    "leakage": REVIEW,
    "label_issues": REVIEW,
    "unreadable": QUARANTINE,
    "blank": QUARANTINE,
    "blurred": REVIEW,
    "dark": REVIEW,
    "bright": REVIEW,
    "outliers": REVIEW,
    "odd_size": KEEP,
    "odd_ratio": KEEP,
}
FIXABLE = (*FIXES, "duplicates")
RARE = 0.1  # of the largest class: fewer are learned badly, and judged by too few


def copies(
    groups: Sequence[Duplicates], labels: Mapping[str, str], splits: Mapping[str, str]
) -> tuple[list[Finding], list[Finding]]:
    """Duplicates, and those of them whose members are in several splits: leakage."""
    found: list[Finding] = [
        {
            "sources": list(group.sources),
            "kind": group.kind,
            "score": rounded(group.score),
            "across_labels": len(_of(labels, group)) > 1,
            "across_splits": len(_of(splits, group)) > 1,
        }
        for group in groups
    ]
    found.sort(
        key=lambda one: (
            not one["across_splits"],
            not one["across_labels"],
            KINDS.index(one["kind"]),
            -one["score"],
            one["sources"],
        )
    )
    leaks = [
        {
            "sources": one["sources"],
            "splits": [splits.get(source) for source in one["sources"]],
            "kind": one["kind"],
            "score": one["score"],
        }
        for one in found
        if one["across_splits"]
    ]
    return found, leaks


def fix_of(kind: str, finding: Finding) -> str:
    """What is proposed for a finding of this kind; nothing for what is no file's fault."""
    if kind == "duplicates":
        alone = finding["kind"] != "semantic" and not finding["across_labels"] and not finding["across_splits"]
        return QUARANTINE if alone else REVIEW
    return FIXES.get(kind, "")


def _of(told: Mapping[str, str], group: Duplicates) -> set[str]:
    return {told[source] for source in group.sources if source in told}


def label_issues(embeddings: Embeddings | None, labels: Mapping[str, str]) -> tuple[list[Finding], str]:
    """And why there are none, if they could not be looked for."""
    if embeddings is None:
        return [], ""
    places = [place for place, source in enumerate(embeddings.sources) if source in labels]
    own = [embeddings.sources[place] for place in places]
    try:
        issues = find_label_issues(embeddings.vectors[places], [labels[source] for source in own])
    except InvalidInput as error:
        return [], str(error)
    except ModuleNotFoundError:
        return [], lacking("a look for labels in doubt", "scikit-learn")
    found = [
        {
            "source": own[issue.place],
            "given": issue.given,
            "suggested": issue.suggested,
            "score": rounded(issue.score),
        }
        for issue in issues
    ]
    return worst_first(found), ""


def rare_classes(sizes: Mapping[str, int]) -> list[Finding]:
    """Classes with less than a tenth of the largest one's files; the score is the share that is missing."""
    largest = max(sizes.values(), default=0)
    rare = [(label, count) for label, count in sizes.items() if count < RARE * largest]
    return [
        {"label": label, "count": count, "largest": largest, "score": rounded(1 - count / largest)}
        for label, count in sorted(rare, key=lambda item: (item[1], item[0]))
    ]
