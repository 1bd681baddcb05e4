"""Who agreed with whom: how far the answers can be trusted, and which images were disputed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any

from domain.labels.rows import LABELED, LabelRow
from domain.report.html import escape, percent, section, table

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
        votes = {vote.worker: vote.label for vote in row.votes}
        for worker, label in votes.items():
            given[worker] += 1
            right[worker] += label in row.labels
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
    return [row for row in rows if len({vote.label for vote in row.votes}) > 1]


def agreement_section(rows: Iterable[LabelRow], samples: Sequence[Mapping[str, Any]]) -> str:
    """The matrix of the workers, and the disputed images with their votes."""
    found = agreement(rows)
    if not found.workers:
        note = "The labels came with the files, without votes of single workers."
        return section("Who agreed with whom", "", note)
    names = short_names(found.workers)
    shown = found.workers[:WORKERS_SHOWN]
    body = table(
        ["", *(names[worker] for worker in shown), "consensus", "answers"], _matrix(found, shown, names), "matrix"
    )
    more = len(found.workers) - len(shown)
    if more > 0:
        body += f'<p class="note">{more} more workers are in labels.jsonl.</p>'
    note = (
        "Share of images to which two workers gave the same answer, and of each worker's answers that became the label."
    )
    return section("Who agreed with whom", body + _disputes(rows, samples, names), note)


def short_names(workers: Sequence[str]) -> dict[str, str]:
    """Ids of a workforce are long and alike: only what tells them apart at the end is shown."""
    if max((len(worker) for worker in workers), default=0) <= 24:
        return {worker: worker for worker in workers}
    for length in range(6, 64):
        short = {worker: f"…{worker[-length:]}" for worker in workers}
        if len(set(short.values())) == len(workers):
            return short
    return {worker: worker for worker in workers}


def _matrix(found: Agreement, shown: Sequence[str], names: Mapping[str, str]) -> Iterable[list[str]]:
    for worker in shown:
        cells = [escape(names[worker])]
        for other in shown:
            pair = (min(worker, other), max(worker, other))
            cells.append("·" if worker == other else _cell(found.pairs.get(pair)))
        yield [*cells, _cell(found.consensus[worker]), str(found.consensus[worker].both)]


def _cell(share: Share | None) -> str:
    if share is None:
        return "–"
    depth = max(0.0, share.value - 0.5) * 2
    style = f"background:rgba(15,107,116,{0.06 + 0.34 * depth:.2f});padding:6px 10px;border-radius:6px"
    return f'<span style="{style}" title="{share.same} of {share.both}">{percent(share.value)}</span>'


def _disputes(rows: Iterable[LabelRow], samples: Sequence[Mapping[str, Any]], names: Mapping[str, str]) -> str:
    some = disputed(rows)
    if not some:
        return "<h3>No image was disputed</h3>"
    pictures = {sample["source"]: sample["thumbnail"] for sample in samples}
    some.sort(key=lambda row: (row.source not in pictures, row.source))
    cards = "".join(_dispute(row, pictures.get(row.source), names) for row in some[:DISPUTES_SHOWN])
    rest = len(some) - DISPUTES_SHOWN
    more = f'<p class="note">{rest} more are in labels.jsonl.</p>' if rest > 0 else ""
    title = "1 disputed image" if len(some) == 1 else f"{len(some)} disputed images"
    return f'<h3>{title}</h3><div class="disputes">{cards}</div>{more}'


def _dispute(row: LabelRow, picture: str | None, names: Mapping[str, str]) -> str:
    image = f'<img src="{escape(picture)}" alt="">' if picture else ""
    votes = "".join(
        f'<li class="{"won" if vote.label in row.labels else "lost"}">{escape(names.get(vote.worker, vote.worker))}: '
        f"{escape(vote.label)}</li>"
        for vote in row.votes
    )
    outcome = escape(row.label or " + ".join(row.labels) or row.status)
    return (
        f"<figure>{image}<figcaption><b>{escape(row.source)}</b>became <em>{outcome}</em>"
        f'<ul class="votes">{votes}</ul></figcaption></figure>'
    )
