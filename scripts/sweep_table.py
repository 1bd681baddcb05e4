"""What a sweep found, as a table and in sums."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence

from rich.table import Table

from domain.sweep.cost import Cost, cost_of, together
from domain.sweep.model import KINDS, Gap, Thing
from domain.sweep.owner import Owner, Whose, owner_of

FEW = 4
"""More of one kind and owner than this stand in one line, where they need no name to be told apart."""
_IN_ONE_LINE = {"alarm", "log group", "interface endpoint", "snapshot", "bucket", "table"}


def table(things: Iterable[Thing], domains: Mapping[str, str], region: str, *, everything: bool) -> Table:
    """A line a thing, those of a kind of which there are many in one; what costs most a month first in each group."""
    shown = Table("whose", "what", "which", "status", "$ an hour", "$ a month")
    for owner, kind, some in _lines(things, domains, region, everything=everything):
        cost = together(some, region)
        one = some[0] if len(some) == 1 else None
        shown.add_row(
            owner.stage or str(owner.whose.value),
            kind,
            one.name if one else f"{len(some)} of them, such as {some[0].name}",
            one.status if one else "",
            _dollars(cost.hour, cost),
            _dollars(cost.whole_month, cost),
        )
    return shown


def _lines(
    things: Iterable[Thing], domains: Mapping[str, str], region: str, *, everything: bool
) -> Iterator[tuple[Owner, str, Sequence[Thing]]]:
    grouped: dict[tuple[Owner, str], list[Thing]] = defaultdict(list)
    for thing in things:
        owner = owner_of(thing, domains)
        if everything or owner.whose is not Whose.OTHER:
            grouped[Owner(owner.whose, owner.stage), thing.kind].append(thing)
    order = list(KINDS)
    for owner, kind in sorted(
        grouped, key=lambda key: (list(Whose).index(key[0].whose), key[0].stage, order.index(key[1]))
    ):
        some = sorted(grouped[owner, kind], key=lambda thing: (-cost_of(thing, region).whole_month, thing.name))
        if kind in _IN_ONE_LINE and len(some) > FEW:
            yield owner, kind, some
        else:
            for thing in some:
                yield owner, kind, [thing]


def _dollars(amount: float, cost: Cost) -> str:
    if not amount:
        return "?" if cost.unknown else ""
    told = f"{amount:,.2f}" if amount >= 0.01 else f"{amount:.4f}"
    return f"{told} + ?" if cost.unknown else told


def sums_told(things: Sequence[Thing], domains: Mapping[str, str], region: str) -> Iterator[str]:
    """What each owner's things come to, and what of it is not known."""
    grouped: dict[Owner, list[Thing]] = defaultdict(list)
    for thing in things:
        owner = owner_of(thing, domains)
        grouped[Owner(owner.whose, owner.stage)].append(thing)
    for owner in sorted(grouped, key=lambda owner: (list(Whose).index(owner.whose), owner.stage)):
        cost = together(grouped[owner], region)
        name = f"Stage {owner.stage}" if owner.stage else str(owner.whose.value).capitalize()
        sums = f"${cost.hour:,.2f} an hour, ${cost.whole_month:,.2f} a month as it stands"
        yield f"{name}: {len(grouped[owner])} things, {sums}."
        if cost.unknown:
            yield f"  Not in it, for want of a price or a size: {', '.join(cost.unknown)}."
        if cost.elsewhere:
            yield f"  List prices of {', '.join(sorted(cost.elsewhere))}, where those of {region} are not known here."


def gaps_told(gaps: Iterable[Gap]) -> Iterator[str]:
    """What nobody could look at."""
    for gap in gaps:
        yield f"Not looked at, so not in the sums: {gap.kind}s. {gap.reason}"
