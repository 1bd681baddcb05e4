"""Who is asked again: objects that are not sure enough get more workers, up to a bound, then a review."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from domain.labels.rows import REJECTED, LabelRow


@dataclass(frozen=True)
class Doubtful:
    """Sources, the least sure first: those that `again` more workers are to answer, and those that have had so many as
    there may be, and are for `review`."""

    again: tuple[str, ...] = ()
    review: tuple[str, ...] = ()


def doubtful(rows: Iterable[LabelRow], below: float, most_workers: int) -> Doubtful:
    """Of the rows of `labels.jsonl`: those whose confidence lies below `below`, and those that have votes and neither a
    label nor a confidence in having none.

    Each is asked of more workers as long as fewer than `most_workers` have answered; votes that do not count are none.
    What is known (gold), a reviewer has decided or a machine has labeled is nobody's to answer again.

    Raises:
        ValueError: `below` is no confidence, or there is no worker to ask.
    """
    if not 0 <= below <= 1 or most_workers < 1:
        raise ValueError(f"a confidence lies in 0 to 1 and at least one worker answers, not {below} and {most_workers}")
    found: list[tuple[float, str, int]] = []
    for row in rows:
        if row.status == REJECTED or not row.votes or row.decided_by in ("gold", "reviewer") or row.method == "machine":
            continue
        sure = row.confidence if row.confidence is not None else 0.0 if row.labels else -1.0
        if sure < below:
            found.append((sure, row.source, sum(vote.counted for vote in row.votes)))
    found.sort()
    return Doubtful(
        again=tuple(source for _, source, votes in found if votes < most_workers),
        review=tuple(source for _, source, votes in found if votes >= most_workers),
    )
