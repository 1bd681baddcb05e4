"""Who gave the labels of a run in rounds, how the machine fared in its audits, and how far suggestions sway people."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from domain.labels.assisted import Assisted, Share
from domain.labels.rows import LABELED, LabelRow

Question = Mapping[str, Any]


@dataclass
class Rounds:
    """All rounds of a run: `count` asked people; `people` has what they answered, by the object's name. `each` counts
    the run's rows while they pass by."""

    count: int
    questions: Sequence[Question]
    people: Mapping[str, LabelRow]
    summary: Mapping[str, Any]
    withdrawn: int
    reused: int
    stopped: bool
    _by: Counter[str] = field(default_factory=Counter)
    _machine: LabelRow | None = None

    def each(self, rows: Iterable[LabelRow]) -> Iterator[LabelRow]:
        for row in rows:
            self._by[given_by(row)] += 1
            if row.machine is not None:
                self._machine = row
            yield row

    def by(self, who: str) -> int:
        return self._by[who]

    @property
    def machine(self) -> LabelRow | None:
        """One of the rows that the machine labeled, all of which were accepted together."""
        return self._machine


def given_by(row: LabelRow) -> str:
    """`person`, `consensus` or `machine`; of an object without a label its status."""
    if row.status != LABELED:
        return row.status
    if row.method == "machine":
        return "machine"
    if row.decided_by == "reviewer":
        return "person"
    counted = sum(vote.counted for vote in row.votes)
    return "consensus" if counted > 1 or (not row.votes and row.decided_by is not None) else "person"


def figures_of(rounds: Rounds) -> Assisted:
    """Once all rows have passed."""
    facts, settings = rounds.machine.machine if rounds.machine else None, rounds.summary["settings"]
    answered = [(one, rounds.people[one["source"]]) for one in rounds.questions if one["source"] in rounds.people]
    said = [(one, row.label) for one, row in answered if row.status == LABELED and one["guess"] is not None]
    return Assisted(
        rounds=rounds.count,
        asked=len(rounds.questions),
        earlier=rounds.reused,
        person=rounds.by("person"),
        consensus=rounds.by("consensus"),
        machine=rounds.by("machine"),
        unlabeled=rounds.by("unlabeled"),
        rejected=rounds.by("rejected"),
        target=settings["target"],
        minimum=settings["minimum"],
        accuracy=facts.accuracy if facts else None,
        threshold=facts.threshold if facts else None,
        model=facts.model if facts else "",
        audit=_agreed((one, label) for one, label in said if one["audit"]),
        withdrawn=rounds.withdrawn,
        suggested=_agreed((one, label) for one, label in said if one["suggestion"] is not None),
        blind=_agreed((one, label) for one, label in said if one["suggestion"] is None),
        stopped=rounds.stopped,
    )


def _agreed(said: Iterable[tuple[Question, str | None]]) -> Share:
    same = [one["guess"] == label for one, label in said]
    return Share.counted(sum(same), len(same))
