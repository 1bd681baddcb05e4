"""What a sweep removes of a stage, in which order, and why it leaves the rest."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from domain.sweep.model import KINDS, Removal, Thing
from domain.sweep.owner import Whose, owner_of

GOING = frozenset({"Deleting", "Stopping", "deleting", "Pending", "Updating", "Stopped", "Failed"})
"""Statuses in which a request would be refused, or for which none is needed."""


@dataclass(frozen=True)
class Kept:
    """A thing of ours that stays, and why."""

    thing: Thing
    reason: str


@dataclass(frozen=True)
class Plan:
    """`remove` in the order of removal; what is not ours is in neither."""

    remove: tuple[Thing, ...]
    keep: tuple[Kept, ...]


def plan(things: Iterable[Thing], stage: str, domains: Mapping[str, str], *, with_data: bool) -> Plan:
    """Only what is surely of this stage. `with_data`: spaces, volumes, snapshots and file systems go too."""
    remove, keep = [], []
    for thing in things:
        owner = owner_of(thing, domains)
        if owner.whose is not Whose.OURS or owner.stage != stage:
            continue
        reason = _reason_to_stay(thing, with_data=with_data)
        if reason:
            keep.append(Kept(thing, reason))
        else:
            remove.append(thing)
    remove.sort(key=lambda thing: (KINDS[thing.kind].turn, thing.kind, thing.name))
    return Plan(tuple(remove), tuple(keep))


def _reason_to_stay(thing: Thing, *, with_data: bool) -> str:
    removal = KINDS[thing.kind].removal
    if thing.stack:
        return f"belongs to stack {thing.stack}: `make destroy` removes it"
    if removal is Removal.NEVER:
        return "a sweep never removes this kind; see docs/costs.md"
    if removal is Removal.DATA and not with_data:
        return "holds files of people; --data removes it too"
    if thing.status in GOING:
        return f"is {thing.status}"
    return ""
