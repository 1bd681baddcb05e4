"""The list of prices, looked up by name and Region."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from functools import cache
from importlib.resources import files
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

HOME = "us-east-1"
"""The Region whose prices stand in for those that are not known."""
HOURS_A_MONTH = 730
"""As AWS's own calculator reckons: 365 days in twelve months."""
FRESH_FOR = timedelta(days=183)

How = Literal["api", "copy", "quoted", "memory"]
"""How a price was read: of AWS's Price List API; of a stored copy of AWS's page; where somebody else, at `source`,
tells it; or from memory, and `source` is the page that nobody has compared it with."""


class UnknownPriceError(KeyError):
    """The list has no such price, for no Region."""


class Price(BaseModel):
    """One price. `name`: what for, as `instance/ml.m5.xlarge` or `s3/storage`; `usd` is that of one `unit`.

    `read`: the day it was read. `as_of`: the day of which the source speaks, where that is another one. `up_to`: of a
    price in tiers, the units of a month that this one ends with; the last tier has none.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: Annotated[str, Field(pattern=r"^[a-z0-9.-]+(/[a-z0-9.-]+)?$")]
    region: Annotated[str, Field(pattern=r"^[a-z]{2}(-[a-z]+)+-\d$")]
    usd: Annotated[float, Field(ge=0)]
    unit: Annotated[str, Field(min_length=1)]
    how: How
    read: date
    source: Annotated[str, Field(pattern=r"^https://")]
    as_of: date | None = None
    up_to: int | None = None

    @property
    def day(self) -> date:
        """From when the price is."""
        return self.as_of or self.read


Prices = TypeAdapter(tuple[Price, ...])


@cache
def everything() -> tuple[Price, ...]:
    """All prices, in the order of the file: by name, then by Region, the cheaper tiers last."""
    text = files("domain.prices").joinpath("prices.json").read_text(encoding="utf-8")
    return Prices.validate_json(text)


def tiers(name: str, region: str = HOME) -> tuple[Price, ...]:
    """A price by its tiers; most have one. Those of us-east-1 where the Region's are not known, see `note`.

    Raises:
        UnknownPriceError: it is in no Region's list.
    """
    found = [item for item in everything() if item.name == name]
    own = tuple(item for item in found if item.region == region)
    home = own or tuple(item for item in found if item.region == HOME)
    if not home:
        raise UnknownPriceError(f"{name}: domain/prices/prices.json has no such price")
    return home


def price(name: str, region: str = HOME) -> Price:
    """The first tier of a price, which is its dearest.

    Raises:
        UnknownPriceError: it is in no Region's list.
    """
    return tiers(name, region)[0]


def find(name: str, region: str = HOME) -> Price | None:
    """The price, or None where nobody knows it."""
    try:
        return price(name, region)
    except UnknownPriceError:
        return None


def usd(name: str, region: str = HOME) -> float:
    """US dollars a unit.

    Raises:
        UnknownPriceError: it is in no Region's list.
    """
    return price(name, region).usd


def note(found: Price, region: str) -> str:
    """Whose price it is, for people: `list price of us-east-1, that of eu-west-3 is not known here`."""
    own = f"list price of {found.region}"
    from_memory = ", from memory" if found.how == "memory" else ""
    return own + from_memory if found.region == region else f"{own}{from_memory}; that of {region} is not known here"


def stale(prices: Iterable[Price], today: date) -> list[Price]:
    """Those from more than half a year ago."""
    return [item for item in prices if today - item.day > FRESH_FOR]
