"""What is in quarantine and why, with pictures where a picture could be made."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from itertools import islice
from typing import TYPE_CHECKING, Any

from domain.recipe.splits import by_hash
from domain.report.html import rendered
from domain.rows import QuarantineRow, Sample

if TYPE_CHECKING:
    from markupsafe import Markup

ROWS_SHOWN = 200
PICTURES_SHOWN = 24
STAGES = {"label": "labels", "name": "name", "read": "reading", "augment": "augmentation"}


def few(pictures: Mapping[str, Sample]) -> dict[str, Sample]:
    """24 of the samples by source, by a hash of the name: the 24 of all hosts are among the 24 of each."""
    if len(pictures) <= PICTURES_SHOWN:
        return dict(pictures)
    return {source: pictures[source] for source in by_hash(pictures, salt="rejects")[:PICTURES_SHOWN]}


def quarantine_section(rows: Collection[QuarantineRow], samples: Sequence[Sample]) -> Markup:
    """Counts by stage, some pictures, then file by file; `samples` are those marked as rejected."""
    return rendered(
        "quarantine.html",
        rows=list(islice(rows, ROWS_SHOWN)),
        hidden=len(rows) - ROWS_SHOWN,
        stages=Counter(row["stage"] for row in rows).most_common(),
        pictures=_pictures(rows, samples),
        words=STAGES,
    )


def _pictures(rows: Collection[QuarantineRow], samples: Sequence[Sample]) -> list[dict[str, Any]]:
    seen = {sample["source"] for sample in samples}
    reasons = {row["source"]: row["reason"] for row in rows if row["source"] in seen}
    shown = few({sample["source"]: sample for sample in samples if sample["source"] in reasons})
    return [
        {"source": source, "thumbnail": sample["thumbnail"], "reason": reasons[source]}
        for source, sample in sorted(shown.items())
    ]
