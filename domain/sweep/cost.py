"""What things cost by list prices."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import reduce

from domain.prices import HOURS_A_MONTH, find
from domain.sweep.model import Thing


@dataclass(frozen=True)
class Cost:
    """Dollars while it stands as it is: `hour` of what is billed by the hour, `month` of what is billed by the month.

    `unknown`: prices that the list does not have, and what else nobody knows; `elsewhere`: the Regions whose prices
    stand in.
    """

    hour: float = 0.0
    month: float = 0.0
    unknown: tuple[str, ...] = ()
    elsewhere: frozenset[str] = frozenset()

    @property
    def whole_month(self) -> float:
        """What a month of it comes to if it stays."""
        return self.month + self.hour * HOURS_A_MONTH

    def __add__(self, other: Cost) -> Cost:
        return Cost(
            self.hour + other.hour,
            self.month + other.month,
            tuple(dict.fromkeys((*self.unknown, *other.unknown))),
            self.elsewhere | other.elsewhere,
        )


def cost_of(thing: Thing, region: str) -> Cost:
    """Of one thing in a Region."""
    hour = month = 0.0
    unknown = [thing.unpriced] if thing.unpriced else []
    elsewhere = set()
    for use in thing.uses:
        price = find(use.price, region)
        if price is None:
            unknown.append(use.price)
            continue
        if price.region != region:
            elsewhere.add(price.region)
        if price.unit == "hour":
            hour += price.usd * use.amount
        else:
            month += price.usd * use.amount
    return Cost(hour, month, tuple(unknown), frozenset(elsewhere))


def together(things: Iterable[Thing], region: str) -> Cost:
    """The sum."""
    return reduce(lambda one, other: one + other, (cost_of(thing, region) for thing in things), Cost())
