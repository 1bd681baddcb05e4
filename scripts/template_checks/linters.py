"""The linters, each run on one folder of templates; what they passed is counted, what they found is told."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from scripts.template_checks.explained import Finding

ROOT = Path(__file__).resolve().parents[2]
CHECKOV = ROOT / ".venv-checks/bin/checkov"


class LinterError(Exception):
    """A tool gave no answer; the message holds what it said."""


@dataclass(frozen=True)
class Result:
    """`passed`: checks that found nothing, where the tool counts them."""

    findings: tuple[Finding, ...]
    passed: int = 0


def cfn_lint(folder: Path, region: str) -> Result:
    """Against the resource schemas of the Region; every level of finding."""
    said = _json(["cfn-lint", "--format", "json", "--regions", region, "--template", *_templates(folder)])
    findings = [
        Finding("cfn-lint", one["Rule"]["Id"], _place(folder, one["Filename"], one["Location"]["Path"]), one["Message"])
        for one in said
    ]
    return Result(tuple(findings))


def checkov(folder: Path) -> Result:
    """All its checks of CloudFormation; offline, so without severities."""
    said = _json([str(CHECKOV), "--directory", str(folder), "--framework", "cloudformation", "--output", "json"])
    results = said["results"]
    findings = [
        Finding("checkov", one["check_id"], _place(folder, one["file_path"], [one["resource"]]), one["check_name"])
        for one in results["failed_checks"]
    ]
    if said["summary"]["parsing_errors"]:
        raise LinterError(f"checkov could not read {results['parsing_errors']}")
    return Result(tuple(findings), len(results["passed_checks"]))


def cdk_nag(folder: Path) -> Result:
    """What the synthesis itself has checked: each acknowledged finding stands beside its construct with its reason."""
    report = json.loads((folder / "validation-report.json").read_text("utf-8"))
    findings: list[Finding] = []
    acknowledged = 0
    for checks in report["pluginReports"]:
        acknowledged += len(checks["suppressedViolations"])
        findings += [
            Finding("cdk-nag", one["ruleName"], folder.name, one["description"]) for one in checks["violations"]
        ]
    return Result(tuple(findings), acknowledged)


def _templates(folder: Path) -> list[str]:
    found = sorted(map(str, folder.glob("*.template.json")))
    if not found:
        raise LinterError(f"no templates in {folder}")
    return found


def _place(folder: Path, file: str, path: Sequence[Any]) -> str:
    stack = Path(file).name.removesuffix(".template.json")
    inner = [str(part) for part in path if part != "Resources"]
    return "/".join([folder.name, stack, *inner[:1]])


def _json(command: Sequence[str]) -> Any:
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    try:
        return json.loads(done.stdout)
    except ValueError as error:
        said = (done.stderr or done.stdout).strip()[-2000:]
        raise LinterError(f"{Path(command[0]).name} gave no JSON: {said}") from error
