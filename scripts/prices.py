"""The list of prices: show it, say what of it is old, or read it anew from AWS.

python -m scripts.prices [--check | --refresh [--region eu-west-1]]
"""

from __future__ import annotations

import sys
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

import domain.prices
from adapters.price_list import REGION, PriceList
from domain.errors import AwsError
from domain.prices import Price, everything, stale
from domain.prices.price_list import Document, Refreshed, read, refreshed, written
from domain.prices.queries import query_of

FILE = Path(domain.prices.__file__).with_name("prices.json")
TOLD = 5
REFRESH = "python -m scripts.prices --refresh"


def main(
    check: Annotated[bool, typer.Option(help="End with 1 if a price is older than half a year.")] = False,
    refresh: Annotated[bool, typer.Option(help="Read them anew: takes credentials with pricing:GetProducts.")] = False,
    region: Annotated[
        list[str] | None, typer.Option(help="A Region besides those of the list; may be given again.")
    ] = None,
) -> None:
    """Show the list of prices."""
    console = Console()
    if check:
        raise typer.Exit(report_age(everything(), datetime.now(UTC).date()))
    if not refresh:
        console.print(table(everything()))
        return
    try:
        found = read_anew(everything(), region or (), PriceList(_client()), datetime.now(UTC).date())
    except AwsError as error:
        console.print(f"[bold red]Failed.[/] {error} The list is as it was.", highlight=False, soft_wrap=True)
        raise typer.Exit(1) from error
    write(found, FILE)
    for line in found.changed or ("No price has changed.",):
        console.print(line, highlight=False, soft_wrap=True)
    if found.missing:
        console.print(f"Not in AWS's list, so as before: {', '.join(found.missing)}", highlight=False, soft_wrap=True)


def report_age(prices: Sequence[Price], today: date) -> int:
    """Says which prices are old and which nobody has compared; 1 if some are old, else 0."""
    old, remembered = stale(prices, today), [item for item in prices if item.how == "memory"]
    if old:
        names = ", ".join(f"{item.name} in {item.region} ({item.day})" for item in old[:TOLD])
        more = f" and {len(old) - TOLD} more" if len(old) > TOLD else ""
        print(
            f"prices: {len(old)} of {len(prices)} are older than half a year: {names}{more}. {REFRESH}", file=sys.stderr
        )
    if remembered:
        print(f"prices: {len(remembered)} of {len(prices)} are from memory, never compared. {REFRESH}", file=sys.stderr)
    return 1 if old else 0


def read_anew(prices: Sequence[Price], more: Collection[str], source: PriceList, today: date) -> Refreshed:
    """Every price of the list, in its Regions and in `more` ones, as AWS has it now; products of a service are asked
    for once a Region.

    Raises:
        AwsError: AWS refused or did not answer.
    """
    units = {item.name: item.unit for item in prices}
    regions = sorted({item.region for item in prices} | set(more))
    asked: dict[tuple[str, tuple[tuple[str, str], ...]], list[str]] = defaultdict(list)
    for name in units:
        query = query_of(name)
        if query:
            asked[query.service, tuple(query.filters.items())].append(name)
    found: dict[tuple[str, str], list[Price]] = {}
    for region in regions:
        for (service, filters), names in asked.items():
            documents = list(source.products(service, {"regionCode": region, **dict(filters)}))
            found.update(_of_region(region, names, documents, units, today))
    return refreshed(prices, found)


def _of_region(
    region: str, names: Iterable[str], documents: Sequence[Document], units: dict[str, str], today: date
) -> dict[tuple[str, str], list[Price]]:
    queries = {name: query_of(name) for name in names}
    return {
        (name, region): read(name, query, documents, units[name], today) for name, query in queries.items() if query
    }


def write(found: Refreshed, file: Path) -> None:
    """The list anew; who reads meanwhile reads the old one or the new one."""
    partial = file.with_suffix(".part")
    partial.write_text(written(found.prices), encoding="utf-8")
    partial.replace(file)


def table(prices: Iterable[Price]) -> Table:
    """For people."""
    shown = Table("what", "Region", "$", "a", "how", "from", "source")
    for item in prices:
        amount = f"{item.usd:.10f}".rstrip("0").rstrip(".")
        shown.add_row(item.name, item.region, amount, item.unit, item.how, str(item.day), item.source)
    return shown


def _client() -> Any:
    import boto3

    from adapters.clients import CONFIG

    return boto3.client("pricing", region_name=REGION, config=CONFIG)


if __name__ == "__main__":
    typer.run(main)
