"""AWS's price list read: from its documents to prices, and what changes by them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from domain.prices.book import HOME, Price
from domain.prices.queries import Query

Document = Mapping[str, Any]
"""One product with its terms, as GetProducts gives it in `PriceList`, a JSON text each."""

_OFFER = "https://pricing.us-east-1.amazonaws.com/offers/v1.0/aws/{service}/current/{region}/index.json#{sku}"
"""The same offer as a file, which anybody can look at without an account."""


@dataclass(frozen=True)
class Refreshed:
    """`prices`: the new list. `changed`: what is otherwise, a line each. `missing`: what AWS's list did not have."""

    prices: tuple[Price, ...]
    changed: tuple[str, ...]
    missing: tuple[str, ...]


def read(name: str, query: Query, documents: Iterable[Document], unit: str, today: date) -> list[Price]:
    """The price by its tiers as the documents of one Region have it, the first one first; empty where none has.

    What is free, such as the units of a free tier, is left out.
    """
    found: list[tuple[int, str, Document]] = []
    for document in documents:
        attributes = document["product"]["attributes"]
        rank = query.rank(attributes.get("usagetype", ""))
        if rank is not None and _dimensions(document):
            found.append((rank, document["product"]["sku"], document))
    if not found:
        return []
    _, sku, document = min(found, key=lambda item: (item[0], item[1]))
    region = document["product"]["attributes"]["regionCode"]
    source = _OFFER.format(service=document["serviceCode"], region=region, sku=sku)
    return [
        Price(
            name=name,
            region=region,
            usd=float(dimension["pricePerUnit"]["USD"]),
            unit=unit,
            how="api",
            read=today,
            source=source,
            up_to=None if dimension["endRange"] == "Inf" else int(float(dimension["endRange"])),
        )
        for dimension in _dimensions(document)
    ]


def _dimensions(document: Document) -> list[Mapping[str, Any]]:
    """What is paid on demand, by tiers; each has `beginRange`, `endRange` and `pricePerUnit`."""
    terms = document["terms"].get("OnDemand", {}).values()
    paid = [
        dimension
        for term in terms
        for dimension in term["priceDimensions"].values()
        if float(dimension["pricePerUnit"].get("USD", 0)) > 0
    ]
    return sorted(paid, key=lambda dimension: float(dimension["beginRange"]))


def refreshed(old: Sequence[Price], found: Mapping[tuple[str, str], Sequence[Price]]) -> Refreshed:
    """The list with what was found, by name and Region, in place of what it had; the rest stays as it is."""
    kept = [item for item in old if not found.get((item.name, item.region))]
    new = [_as_tiered(tiers, old) for tiers in found.values() if tiers]
    changed = [line for tiers in new for line in _told(tiers, old)]
    missing = [f"{name} in {region}" for (name, region), tiers in found.items() if not tiers]
    together = [*kept, *(item for tiers in new for item in tiers)]
    return Refreshed(tuple(sorted(together, key=_order)), tuple(changed), tuple(missing))


def _as_tiered(tiers: Sequence[Price], old: Sequence[Price]) -> list[Price]:
    """All tiers of a price that we know by tiers; of others the first, as if nothing had been used yet."""
    known = any(item.name == tiers[0].name and item.up_to for item in old)
    return list(tiers) if known else [tiers[0].model_copy(update={"up_to": None})]


def _told(tiers: Sequence[Price], old: Sequence[Price]) -> Iterator[str]:
    first = tiers[0]
    before = [item for item in old if (item.name, item.region) == (first.name, first.region)]
    if not before:
        yield f"{first.name} in {first.region}: {first.usd:g} $ a {first.unit}, not known before"
    elif [item.usd for item in before] != [item.usd for item in tiers]:
        was, now = (", ".join(f"{item.usd:g}" for item in items) for items in (before, tiers))
        yield f"{first.name} in {first.region}: {now} $ a {first.unit}, was {was} ({before[0].how})"


def written(prices: Iterable[Price]) -> str:
    """The text of prices.json: a price a line, so that a difference shows as one."""
    lines = (json.dumps(item.model_dump(mode="json", exclude_none=True)) for item in sorted(prices, key=_order))
    return "[\n" + ",\n".join(f"  {line}" for line in lines) + "\n]\n"


def _order(item: Price) -> tuple[str, bool, str, float]:
    return item.name, item.region != HOME, item.region, item.up_to or float("inf")
