"""Synthesizes stages for every Region that has Ground Truth, and lints the templates for docs/security.md."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from labelers.ground_truth.built_in_functions import ACCOUNTS
from scripts.template_checks.explained import Finding, Verdict, judge, read
from scripts.template_checks.linters import ROOT, LinterError, Result, cdk_nag, cfn_lint, checkov

OUT = ROOT / ".local/checks"
STAGES = {"dev": ("dev", {}), "prod": ("prod", {}), "auto": ("dev", {"backend": "auto"})}
"""By a short name: the stage, and settings of `labeling` in place of its own."""
HOME = "us-east-1"
"""The Region whose templates all linters see; of the others cfn-lint sees those of `prod`."""


def synthesize(name: str, region: str) -> Path:
    """The folder of the templates. Raises LinterError with what the app said."""
    stage, labeling = STAGES[name]
    out = OUT / region / name
    shutil.rmtree(out, ignore_errors=True)
    context = json.loads((ROOT / "cdk.json").read_text("utf-8"))["context"]
    context |= {"stage": stage, "assets": ".local/checks/build", "labeling": json.dumps(labeling)}
    environment = os.environ | {
        "CDK_CONTEXT_JSON": json.dumps(context),
        "CDK_DEFAULT_REGION": region,
        "CDK_OUTDIR": str(out),
    }
    done = subprocess.run(
        [sys.executable, "app.py"], cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise LinterError(f"{name} in {region} cannot be synthesized: {done.stderr.strip()[-2000:]}")
    return out


def runs() -> Iterator[tuple[str, str, Callable[[Path], Result]]]:
    """Stage, Region and linter, in the order of the table."""
    for name in STAGES:
        yield name, HOME, checkov
        yield name, HOME, cdk_nag
    for name, region in [*((name, HOME) for name in STAGES), *(("prod", other) for other in ACCOUNTS if other != HOME)]:
        yield name, region, lambda folder, region=region: cfn_lint(folder, region)  # type: ignore[misc]


def main() -> int:
    """Returns the exit status: 1 if a finding is unexplained or a reason stale."""
    for stand_in in ("layer", "wheelhouse"):
        folder = OUT / "build" / stand_in
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "README.txt").write_text("Linters look at templates, not at what they upload.\n", "utf-8")
    planned = list(runs())
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        places = sorted({(name, region) for name, region, _ in planned})
        made = dict(zip(places, pool.map(lambda place: synthesize(*place), places), strict=True))
        results = list(pool.map(lambda run: run[2](made[run[0], run[1]]), planned))
    findings = [finding for result in results for finding in result.findings]
    verdict = judge(findings, read())
    print(_table(planned, results))
    print(_told(verdict))
    return 0 if verdict.clean else 1


def _table(planned: list[tuple[str, str, Callable[[Path], Result]]], results: list[Result]) -> str:
    tools: dict[Callable[[Path], Result], str] = {checkov: "checkov", cdk_nag: "cdk-nag"}
    lines = ["| linter | stage | Region | passed or acknowledged | found |", "|---|---|---|---:|---:|"]
    for (name, region, linter), result in zip(planned, results, strict=True):
        tool = tools.get(linter, "cfn-lint")
        lines.append(f"| {tool} | {name} | {region} | {result.passed or ''} | {len(result.findings)} |")
    return "\n".join(lines)


def _told(verdict: Verdict) -> str:
    lines = ["", "| linter | rule | findings | why it stays |", "|---|---|---:|---|"]
    lines += [
        f"| {reason.tool} | {reason.rule} | {count} | {reason.why} |" for reason, count in verdict.explained.items()
    ]
    lines += [f"unexplained: {_line(finding)}" for finding in verdict.unexplained]
    lines += [f"stale: {reason.tool} {reason.rule} at {', '.join(reason.where)}" for reason in verdict.stale]
    return "\n".join([*lines, "", f"{len(verdict.unexplained)} unexplained"])


def _line(finding: Finding) -> str:
    return f"{finding.tool} {finding.rule} {finding.where}: {finding.message}"


if __name__ == "__main__":
    try:
        sys.exit(main())
    except LinterError as error:
        sys.exit(f"check-templates: {error}")
