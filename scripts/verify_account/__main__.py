"""`python -m scripts.verify_account --stage dev`: after `cdk synth`, before and after a deployment. Reads only."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Annotated

import boto3
import typer
from botocore.exceptions import BotoCoreError, ClientError

from adapters.clients import client
from scripts.verify_account import account, capacity, existing, names, people, permissions
from scripts.verify_account.account import Account
from scripts.verify_account.finding import Finding, Verdict, looked
from scripts.verify_account.report import written
from scripts.verify_account.stage import StageError, load_stage

ROOT = Path(__file__).resolve().parents[2]
Look = tuple[str, Callable[[Account], Iterator[Finding]]]
LOOKS: tuple[Look, ...] = (
    ("Region", account.region),
    ("bootstrap", account.bootstrap),
    ("stacks", account.stacks),
    ("machine quota", capacity.machines),
    ("processing image", capacity.image),
    ("Lambda runtime", capacity.runtime),
    ("network", capacity.network),
    ("endpoints", capacity.endpoints),
    ("given bucket", existing.bucket),
    ("given VPC", existing.vpc),
    ("given domain", existing.domain),
    ("Ground Truth", people.ground_truth),
    ("Identity Center", people.identity_center),
    *((f"names of {kind}", partial(names.collisions, kind=kind)) for kind in names.kinds()),
    ("handing over to the CDK", permissions.handing_over),
    ("permissions", permissions.making),
)


def verify(asked: Account) -> list[Finding]:
    """All findings, in order. What may not be looked at is one of them."""
    found = list(looked("who asks", lambda: account.identity(asked)))
    for topic, look in LOOKS:
        found += looked(topic, partial(look, asked))
    return found


def main(
    stage: Annotated[str, typer.Option(help="The stage, of which config/<stage>.toml has the settings.")] = "dev",
    assembly: Annotated[Path, typer.Option(help="What `cdk synth` has written.")] = ROOT / "cdk.out",
    config: Annotated[Path, typer.Option(help="The folder of settings.")] = ROOT / "config",
    out: Annotated[Path, typer.Option(help="Where the report goes.")] = Path("verify-account.md"),
) -> None:
    """Look whether the account and Region of your credentials can take the stage, and how it stands there."""
    try:
        loaded = load_stage(stage, assembly, config)
    except StageError as error:
        typer.echo(f"verify: {error}", err=True)
        raise typer.Exit(2) from error
    region = boto3.Session().region_name or loaded.region
    asked = Account(loaded, client, region)
    try:
        client("sts").get_caller_identity()
    except (BotoCoreError, ClientError) as error:
        typer.echo(f"verify: AWS does not know who asks: {error}. Sign in (`aws sso login`), then again", err=True)
        raise typer.Exit(2) from error
    findings = verify(asked)
    text = written(stage, region, findings, asked.secrets)
    out.write_text(text, encoding="utf-8")
    typer.echo(text)
    typer.echo(f"written to {out}: no account ids, e-mail addresses or secrets are in it", err=True)
    if any(one.verdict is Verdict.PROBLEM for one in findings):
        raise typer.Exit(1)


if __name__ == "__main__":
    typer.run(main)
