"""What is in quarantine and why, with pictures where a picture could be made."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from itertools import islice
from typing import Any

from domain.recipe.splits import by_hash
from domain.report.html import escape, section, table

ROWS_SHOWN = 200
PICTURES_SHOWN = 24
STAGES = {"label": "labels", "name": "name", "read": "reading", "augment": "augmentation"}


def few(pictures: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    """24 of the samples by source, by a hash of the name: the 24 of all hosts are among the 24 of each."""
    if len(pictures) <= PICTURES_SHOWN:
        return dict(pictures)
    return {source: pictures[source] for source in by_hash(pictures, salt="rejects")[:PICTURES_SHOWN]}


def quarantine_section(rows: Collection[Mapping[str, Any]], samples: Sequence[Mapping[str, Any]]) -> str:
    """Counts by stage, some pictures, then file by file; `samples` are those marked as rejected."""
    if not rows:
        return section("Quarantine", "", "Empty: every file of the input is in the data set.")
    shown = ((escape(row["source"]), _stage(row["stage"]), escape(row["reason"])) for row in islice(rows, ROWS_SHOWN))
    body = _counts(rows) + _pictures(rows, samples) + table(("file", "found at", "reason"), shown)
    if len(rows) > ROWS_SHOWN:
        body += f'<p class="note">{len(rows) - ROWS_SHOWN:,} more are in quarantine.jsonl.</p>'
    return section("Quarantine", body, "Not in the data set, and why. Nothing was dropped silently.")


def _stage(stage: str) -> str:
    return f'<span class="tag bad">{escape(STAGES.get(stage, stage))}</span>'


def _counts(rows: Iterable[Mapping[str, Any]]) -> str:
    counts = Counter(row["stage"] for row in rows).most_common()
    return '<p class="stages">' + "".join(f"<span>{_stage(stage)} {count:,}</span>" for stage, count in counts) + "</p>"


def _pictures(rows: Iterable[Mapping[str, Any]], samples: Sequence[Mapping[str, Any]]) -> str:
    seen = {sample["source"] for sample in samples}
    reasons = {row["source"]: row["reason"] for row in rows if row["source"] in seen}
    pictures = few({sample["source"]: sample for sample in samples if sample["source"] in reasons})
    figures = "".join(
        f'<figure><img src="{escape(sample["thumbnail"])}" alt="" loading="lazy"><figcaption><b>{escape(source)}</b>'
        f"{escape(reasons[source])}</figcaption></figure>"
        for source, sample in sorted(pictures.items())
    )
    return f'<div class="rejects">{figures}</div>' if figures else ""
