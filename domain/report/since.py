"""What a version that follows another has otherwise: new files, corrected labels, merged classes, what was kept."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import TYPE_CHECKING

from domain.report.html import rendered
from domain.rows import ChangeRow, RenamedClass, SinceFacts
from domain.text import counted

if TYPE_CHECKING:
    from markupsafe import Markup

EACH_SHOWN = 100
"""Of each kind of change; `changes.jsonl` has them all."""
_WORDS = {
    "corrected": "label corrected",
    "gone": "no longer in",
    "withdrawn": "label withdrawn",
    "new": "new",
}


def since_section(since: SinceFacts | None, changes: Iterable[ChangeRow], noun: str = "image") -> Markup | str:
    """Counts, classes that are called otherwise, and the first sources of each kind: corrected ones before new ones.
    Nothing without a version before."""
    if since is None:
        return ""
    shown: dict[str, list[ChangeRow]] = {kind: [] for kind in _WORDS}
    seen: Counter[str] = Counter()
    for row in changes:
        seen[row["change"]] += 1
        if len(shown[row["change"]]) < EACH_SHOWN:
            shown[row["change"]].append(row)
    rows = [row for some in shown.values() for row in some]
    return rendered(
        "since.html",
        since=since,
        noun=noun,
        files=[
            (since["kept_outputs"], "kept", f"of {since['version']}"),
            (
                since["made_again_outputs"],
                "made again",
                "a label was corrected: their own, or that of what they are mixed with",
            ),
            (since["added_outputs"], "added", "of new sources, and further ones of old"),
        ],
        told=_told(since, noun),
        renamed=[_renamed(one, noun) for one in since["renamed_classes"]],
        rows=[_row(row) for row in rows],
        hidden=seen.total() - len(rows),
    )


def _told(since: SinceFacts, noun: str) -> list[str]:
    found = {
        "not in the version before": since["new_sources"],
        "with a corrected label, of which alone files were made again": since["corrected_sources"],
        "without a label now, of which the earlier files are still here": since["withdrawn_sources"],
        "without a file now": since["gone_sources"],
    }
    return [f"{counted(count, noun)} {what}" for what, count in found.items() if count]


def _row(row: ChangeRow) -> dict[str, str]:
    what = row.get("what", "class")
    return {
        "source": row["source"],
        "change": _WORDS[row["change"]] + ("" if what == "class" else f": {what}"),
        "before": row.get("before") or "–",
        "after": row.get("after") or row.get("why") or "–",
    }


def _renamed(one: RenamedClass, noun: str) -> dict[str, str]:
    verb = "is part of" if one["merged"] else "is called"
    return {"before": one["before"], "verb": verb, "after": one["after"], "sources": counted(one["sources"], noun)}
