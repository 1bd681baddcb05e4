"""What in an account and Region costs money, and whose it is: what SageMaker or Kempelen made there.

python -m scripts.sweep [--all]                     looks, and changes nothing
python -m scripts.sweep --delete STAGE [--data]     removes what is left of a stage, after a plan and a question
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from typing import Annotated, Any

import boto3
import typer
from botocore.exceptions import BotoCoreError, ClientError
from rich.console import Console
from rich.markup import escape

from adapters.clients import CONFIG
from adapters.sweep.account import Found, look, remove
from adapters.sweep.asking import Place
from domain.errors import AwsError
from domain.sweep.owner import domains_of
from domain.sweep.plan import Plan, plan
from scripts.sweep_table import gaps_told, sums_told, table


def main(
    all_: Annotated[bool, typer.Option("--all", help="Tell what is neither ours nor SageMaker's, too.")] = False,
    delete: Annotated[str, typer.Option(help="The stage whose left-overs are to be removed.")] = "",
    data: Annotated[bool, typer.Option(help="Remove spaces, volumes, snapshots and file systems as well.")] = False,
) -> None:
    """Look at everything in the account and Region that costs money."""
    console = Console()
    try:
        place = here()
    except (AwsError, BotoCoreError, ClientError) as error:
        console.print(f"[bold red]Failed.[/] {escape(str(error))}", highlight=False, soft_wrap=True)
        raise typer.Exit(1) from error
    with console.status("looking") as status:
        found = look(place, lambda kind: status.update(f"looking for {kind}s"))
    show(console, place, found, everything=all_)
    if delete:
        raise typer.Exit(clear(console, place, found, delete, with_data=data))


def here() -> Place:
    """The account and Region of the credentials at hand."""
    session = boto3.Session()
    region = session.region_name or "us-east-1"
    identity = session.client("sts", region_name=region, config=CONFIG).get_caller_identity()

    @cache
    def client(service: str) -> Any:
        return session.client(service, region_name=region, config=CONFIG)  # type: ignore[call-overload]

    return Place(client, region, identity["Account"])


def show(console: Console, place: Place, found: Found, *, everything: bool) -> None:
    """The table, the sums, and what could not be looked at."""
    domains = domains_of(found.things)
    console.print(f"Account {place.account}, {place.region}", highlight=False)
    console.print(table(found.things, domains, place.region, everything=everything))
    for line in (*sums_told(found.things, domains, place.region), *gaps_told(found.gaps)):
        console.print(escape(line), highlight=False, soft_wrap=True)


def clear(console: Console, place: Place, found: Found, stage: str, *, with_data: bool) -> int:
    """Tells the plan, asks, removes; 1 if something was refused, or nobody agreed."""
    planned = plan(found.things, stage, domains_of(found.things), with_data=with_data)
    for line in plan_told(planned, stage):
        console.print(escape(line), highlight=False, soft_wrap=True)
    if not planned.remove:
        return 0
    if not agreed(stage, len(planned.remove)):
        console.print("Nothing was removed.")
        return 1
    return remove_all(console, place, planned)


def plan_told(planned: Plan, stage: str) -> Iterable[str]:
    """The plan, a line a thing."""
    if not planned.remove:
        yield f"There is nothing of stage {stage!r} to remove."
    for thing in planned.remove:
        yield f"remove  {thing.kind} {thing.name}"
    for kept in planned.keep:
        yield f"keep    {kept.thing.kind} {kept.thing.name}: {kept.reason}"


def agreed(stage: str, number: int) -> bool:
    """Whether the person types the stage's name."""
    typed: str = typer.prompt(f"Type the stage's name to remove these {number} things", default="", show_default=False)
    return typed.strip() == stage


def remove_all(console: Console, place: Place, planned: Plan) -> int:
    """Each in its turn, whatever becomes of the others; 1 if one was refused."""
    refused: dict[str, str] = {}
    for thing in planned.remove:
        name = f"{thing.kind} {thing.name}"
        try:
            remove(place, thing)
        except AwsError as error:
            refused[name] = str(error)
            continue
        console.print(escape(f"asked for the end of {name}"), highlight=False, soft_wrap=True)
    _tell_refused(console, refused)
    return 1 if refused else 0


def _tell_refused(console: Console, refused: Mapping[str, str]) -> None:
    for name, reason in refused.items():
        console.print(escape(f"refused: {name}: {reason}"), highlight=False, soft_wrap=True)
    if refused:
        console.print("What still goes holds other things: look again in some minutes.")


if __name__ == "__main__":
    typer.run(main)
