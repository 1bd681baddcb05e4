"""What is said in the clips that the report shows, and what people have corrected."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import cast

from domain.labels.rows import LabelRow
from domain.rows import Sample


def with_transcripts(samples: Sequence[Sample], labels: Iterable[LabelRow]) -> list[Sample]:
    """Samples whose label row has a transcript have it too, and another one that a worker had found right."""
    wanted = {sample["source"] for sample in samples}
    rows = {row.source: row for row in labels if row.transcript is not None and row.source in wanted}
    return [cast(Sample, {**sample, **_told(rows.get(sample["source"]))}) for sample in samples]


def _told(row: LabelRow | None) -> dict[str, str | None]:
    if row is None:
        return {}
    return {"transcript": row.transcript, "transcript_before": _before(row)}


def _before(row: LabelRow) -> str | None:
    """As it was given; known only where a worker accepted it and others did not."""
    if row.label != "corrected":
        return None
    accepted = (vote.transcript for vote in row.votes if vote.label == "accepted")
    return next((given for given in accepted if given and given != row.transcript), None)
