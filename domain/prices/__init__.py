"""List prices in US dollars, each with the Region that it is of, the day it was read and where.

All figures of money come from prices.json beside this: what a run may cost, what it did cost, what stands idle, what a
sweep finds. An account's own prices may be lower. `python -m scripts.prices` reads them anew from AWS's price list.
"""

from __future__ import annotations

from domain.prices.book import (
    HOME,
    HOURS_A_MONTH,
    Price,
    UnknownPriceError,
    everything,
    find,
    note,
    price,
    stale,
    tiers,
    usd,
)

__all__ = (
    "HOME",
    "HOURS_A_MONTH",
    "Price",
    "UnknownPriceError",
    "everything",
    "find",
    "note",
    "price",
    "stale",
    "tiers",
    "usd",
)
