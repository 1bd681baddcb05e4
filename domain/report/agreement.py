"""Who agreed with whom: how far the answers can be trusted, and which images were disputed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING, Any

from domain.labels.rows import LABELED, LabelRow, class_of
from domain.report.html import rendered
from domain.rows import Sample

if TYPE_CHECKING:
    from markupsafe import Markup

WORKERS_SHOWN = 12
DISPUTES_SHOWN = 24


@dataclass(frozen=True)
class Share:
    """`same` of `both`."""

    same: int
    both: int

    @property
    def value(self) -> float:
        return self.same / self.both if self.both else 0.0


@dataclass(frozen=True)
class Agreement:
    """`pairs` holds each two workers, in the order of their names, that answered for a common object."""

    workers: tuple[str, ...]
    pairs: Mapping[tuple[str, str], Share]
    consensus: Mapping[str, Share]
    overall: Share


def agreement(rows: Iterable[LabelRow]) -> Agreement:
    """Counted over labeled objects; `overall` over all pairs of answers to the same object."""
    same: Counter[tuple[str, str]] = Counter()
    both: Counter[tuple[str, str]] = Counter()
    right: Counter[str] = Counter()
    given: Counter[str] = Counter()
    for row in rows:
        if row.status != LABELED:
            continue
        votes = {vote.worker: vote.chosen for vote in row.votes}
        for worker, label in votes.items():
            given[worker] += 1
            right[worker] += label == class_of(row)
        for one, other in combinations(sorted(votes), 2):
            both[one, other] += 1
            same[one, other] += votes[one] == votes[other]
    return Agreement(
        workers=tuple(sorted(given)),
        pairs={pair: Share(same[pair], count) for pair, count in sorted(both.items())},
        consensus={worker: Share(right[worker], count) for worker, count in sorted(given.items())},
        overall=Share(sum(same.values()), sum(both.values())),
    )


def disputed(rows: Iterable[LabelRow]) -> list[LabelRow]:
    """Objects whose workers did not all answer alike."""
    return [row for row in rows if len({vote.chosen for vote in row.votes}) > 1]


def agreement_section(rows: Iterable[LabelRow], samples: Sequence[Sample]) -> Markup:
    """The matrix of the workers, and the disputed images with their votes."""
    found, some = agreement(rows), disputed(rows)
    names = short_names(found.workers)
    shown = found.workers[:WORKERS_SHOWN]
    pictures = {sample["source"]: sample["thumbnail"] for sample in samples}
    some.sort(key=lambda row: (row.source not in pictures, row.source))
    return rendered(
        "agreement.html",
        workers=[
            {"name": names[worker], "shares": _shares(found, worker, shown), "consensus": found.consensus[worker]}
            for worker in shown
        ],
        more=len(found.workers) - len(shown),
        disputes=[_dispute(row, pictures.get(row.source), names) for row in some[:DISPUTES_SHOWN]],
        disputed=len(some),
    )


def short_names(workers: Sequence[str]) -> dict[str, str]:
    """Ids of a workforce are long and alike: only what tells them apart at the end is shown."""
    if max((len(worker) for worker in workers), default=0) <= 24:
        return {worker: worker for worker in workers}
    for length in range(6, 64):
        short = {worker: f"…{worker[-length:]}" for worker in workers}
        if len(set(short.values())) == len(workers):
            return short
    return {worker: worker for worker in workers}


def _shares(found: Agreement, worker: str, others: Sequence[str]) -> list[Share | str | None]:
    """With each of the others: how often they agreed, "self", or None where they had no object in common."""
    pairs = (found.pairs.get((min(worker, other), max(worker, other))) for other in others)
    return ["self" if worker == other else share for other, share in zip(others, pairs, strict=True)]


def _dispute(row: LabelRow, picture: str | None, names: Mapping[str, str]) -> dict[str, Any]:
    won = class_of(row) if row.labels else None
    votes = [
        {"worker": names.get(vote.worker, vote.worker), "label": vote.chosen, "won": vote.chosen == won}
        for vote in row.votes
    ]
    outcome = row.label or " + ".join(row.labels) or row.status
    return {"source": row.source, "picture": picture, "outcome": outcome, "votes": votes}
