"""Who agreed with whom: how far the answers can be trusted, and which images were disputed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING, Any

from domain.labels.rows import LABELED, LabelRow, Vote, class_of
from domain.labels.said import Asked, asked_of, is_disputed, said
from domain.report.html import NOTHING_SHOWN, rendered
from domain.rows import Sample

if TYPE_CHECKING:
    from markupsafe import Markup

WORKERS_SHOWN = 12
DISPUTES_SHOWN = 24
COMPARED: dict[Asked, str] = {
    "labels": "",
    "boxes": "Of boxes only the classes count here, not their places.",
    "transcript": "Two transcripts agree when they are the same to the letter.",
    "record": "Two reviews of a record agree when all of its fields do.",
}


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
    """`pairs` holds each two workers, in the order of their names, that answered for a common object; `asked` is what
    they were asked for."""

    workers: tuple[str, ...]
    pairs: Mapping[tuple[str, str], Share]
    consensus: Mapping[str, Share]
    overall: Share
    asked: frozenset[Asked] = frozenset()


def agreement(rows: Iterable[LabelRow]) -> Agreement:
    """Counted over labeled objects; `overall` over all pairs of answers to the same object."""
    same: Counter[tuple[str, str]] = Counter()
    both: Counter[tuple[str, str]] = Counter()
    right: Counter[str] = Counter()
    given: Counter[str] = Counter()
    kinds: set[Asked] = set()
    for row in rows:
        if row.status != LABELED:
            continue
        asked = asked_of(row)
        kinds.add(asked)
        votes, outcome = {vote.worker: said(vote, asked) for vote in row.votes}, said(row, asked)
        for worker, answer in votes.items():
            given[worker] += 1
            right[worker] += answer == outcome
        for one, other in combinations(sorted(votes), 2):
            both[one, other] += 1
            same[one, other] += votes[one] == votes[other]
    return Agreement(
        workers=tuple(sorted(given)),
        pairs={pair: Share(same[pair], count) for pair, count in sorted(both.items())},
        consensus={worker: Share(right[worker], count) for worker, count in sorted(given.items())},
        overall=Share(sum(same.values()), sum(both.values())),
        asked=frozenset(kinds),
    )


def disputed(rows: Iterable[LabelRow]) -> list[LabelRow]:
    """Objects whose workers did not all answer alike."""
    return [row for row in rows if is_disputed(row)]


def agreement_section(rows: Iterable[LabelRow], samples: Sequence[Sample], noun: str = "image") -> Markup:
    """The matrix of the workers, and the disputed images, or whatever the `noun` is, with their votes."""
    found, some = agreement(rows), disputed(rows)
    names = short_names(found.workers)
    shown = found.workers[:WORKERS_SHOWN]
    pictures = {sample["source"]: sample for sample in samples}
    some.sort(key=lambda row: (row.majority is None, row.source not in pictures, _sure(row), row.source))
    return rendered(
        "agreement.html",
        workers=[
            {"name": names[worker], "shares": _shares(found, worker, shown), "consensus": found.consensus[worker]}
            for worker in shown
        ],
        more=len(found.workers) - len(shown),
        disputes=[_dispute(row, pictures.get(row.source), names) for row in some[:DISPUTES_SHOWN]],
        disputed=len(some),
        noun=noun,
        compared=" ".join(sentence for kind, sentence in COMPARED.items() if kind in found.asked and sentence),
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


def _sure(row: LabelRow) -> float:
    """Of a consensus: the least sure objects come first. A majority is as sure as its votes, which are shown."""
    return (row.confidence or 0.0) if row.decided_by in ("dawid_skene", "weighed_votes") else 1.0


def _dispute(row: LabelRow, sample: Sample | None, names: Mapping[str, str]) -> dict[str, Any]:
    asked = asked_of(row)
    won = said(row, asked) if row.labels else None
    votes = [
        {"worker": names.get(vote.worker, vote.worker), "label": _words(vote), "won": said(vote, asked) == won}
        for vote in row.votes
    ]
    shown: dict[str, Any] = {**NOTHING_SHOWN, **sample} if sample else NOTHING_SHOWN
    before = None if row.majority is None else " + ".join(row.majority) or "without a label"
    outcome = class_of(row) or row.status
    return {"source": row.source, "shown": shown, "outcome": outcome, "votes": votes, "before": before}


def _words(vote: Vote) -> str:
    """An answer as a person reads it: of a transcript its words, of a record what was not accepted."""
    if vote.record is not None:
        found = {name: field for name, field in vote.record.items() if field.verdict != "accept"}
        words = [
            f"{name} {'rejected' if one.verdict == 'reject' else f'is {one.value}'}" for name, one in found.items()
        ]
        return ", ".join(words) or "all accepted"
    return f"{vote.chosen}: “{vote.transcript}”" if vote.transcript is not None else vote.chosen
