"""`make iam`: every role may do what it does, and nothing else."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.markup import escape

from localcloud.iam.deployment import read_deployment
from scripts.demo.job import ROOT, DemoError
from scripts.iam_proof.fresh import RUNS, record
from scripts.iam_proof.intrinsics import UnresolvableError
from scripts.iam_proof.physical import invented
from scripts.iam_proof.proving import proof
from scripts.iam_proof.recording import ACCOUNT, REGION, keep, kept, pairs, recorded, retold, templates_of
from scripts.iam_proof.report import show

KEPT = ROOT / "tests/infra/iam"


def prove(
    stages: Annotated[list[str] | None, typer.Argument(help=f"Of {', '.join(RUNS)}; all of them if none.")] = None,
    again: Annotated[bool, typer.Option(help="Judge the last recordings; record nothing.")] = False,
    write: Annotated[bool, typer.Option(help="Write the recordings that tests judge, tests/infra/iam.")] = False,
) -> None:
    """Record what the demo asks IAM for, and judge it, and what nobody may ask for, by the synthesized policies."""
    console = Console(width=140)
    try:
        failed = [stage for stage in stages or list(RUNS) if not _prove(console, stage, again=again, write=write)]
    except (DemoError, UnresolvableError, OSError, ValueError) as error:
        console.print(f"[bold red]No proof.[/] {escape(str(error))}", highlight=False, soft_wrap=True)
        raise typer.Exit(1) from error
    if failed:
        raise typer.Exit(1)


def _prove(console: Console, stage: str, *, again: bool, write: bool) -> bool:
    folders = _last(stage) if again else record(stage)
    requests = []
    for folder in reversed(folders):
        deployment = read_deployment(folder)
        templates = templates_of(folder / "run/cdk.out", deployment.account)
        requests += retold(recorded(folder), deployment, templates)
    made = proof(stage, templates, invented(ACCOUNT, REGION, templates), requests)
    show(console, stage, made)
    file = KEPT / f"{stage}.jsonl.gz"
    if write:
        keep(made.recorded, file)
    missing = pairs(made.recorded) - pairs(kept(file))
    if missing:
        console.print(f"\n[bold red]{file.relative_to(ROOT)} lacks {len(missing)} of them:[/] `make iam WRITE=1`")
        for role, action in sorted(missing):
            console.print(f"  {role} {action}", highlight=False)
    return made.verdict.proven and not missing


def _last(stage: str) -> list[Path]:
    folders = sorted((ROOT / ".local/iam").glob(f"{stage}-*"))
    if not folders:
        raise ValueError(f"there is no recording of {stage} yet: run `make iam`")
    return folders


if __name__ == "__main__":
    typer.run(prove)
