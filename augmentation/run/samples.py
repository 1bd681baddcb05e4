"""Which sources the report shows in pictures: chosen by a hash of their names, so that every host chooses alike."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from domain.labels.rows import LabelRow
from domain.labels.said import is_disputed
from domain.plan.plan import Plan
from domain.recipe.splits import TEST, TRAIN, VAL, by_hash

CONTACT_SHEET, EVALUATION, DISPUTED, REFUSED = 8, 8, 6, 12


class Samples(NamedTuple):
    """`contact_sheet`: training sources, the classes in turn; `evaluation`: those of the other splits; `disputed`:
    labeled ones on which workers did not agree; `refused`: some without a label, which say what workers saw."""

    contact_sheet: frozenset[str] = frozenset()
    evaluation: frozenset[str] = frozenset()
    disputed: frozenset[str] = frozenset()
    refused: frozenset[str] = frozenset()

    @classmethod
    def of(cls, plan: Plan, labels: Iterable[LabelRow]) -> Samples:
        return cls(
            frozenset(_in_turn(plan, (TRAIN,), CONTACT_SHEET)),
            frozenset(_in_turn(plan, (VAL, TEST), EVALUATION)),
            frozenset(by_hash(_disputed(plan, labels))[:DISPUTED]),
            frozenset(by_hash(plan.refused, salt="refused")[:REFUSED]),
        )


NO_SAMPLES = Samples()


def _disputed(plan: Plan, labels: Iterable[LabelRow]) -> Iterable[str]:
    return (row.source for row in labels if row.source in plan.classes and is_disputed(row))


def _in_turn(plan: Plan, splits: tuple[str, ...], count: int) -> list[str]:
    """So many sources of these splits, one of each class after the other."""
    queues = []
    for split in splits:
        for label in sorted(set(plan.classes.values())):
            members = (source for source, own in plan.classes.items() if own == label and plan.splits[source] == split)
            queues.append(by_hash(members, salt="samples"))
    chosen: list[str] = []
    while len(chosen) < count and any(queues):
        chosen += [queue.pop(0) for queue in queues if queue]
    return chosen[:count]
