"""A recording of now: the demo, from an empty local cloud to an empty local cloud, with IAM written down."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

from scripts.demo.job import ROOT, DemoError

WORK = ROOT / ".local/iam"
# What the demo is asked to do, by the stage's name; several runs of one stage make one recording.
RUNS: dict[str, tuple[dict[str, str], ...]] = {
    "ground_truth": ({"BACKEND": "ground_truth"}, {"BACKEND": "ground_truth", "ASSIST": "1"}),
    "portal": ({"BACKEND": "portal"},),
}
# The fewest of which a data set can be made: it is about rights, not about images.
COUNT = "33"


def record(stage: str) -> list[Path]:
    """Folders with `requests.jsonl`, `deployment.json` and, in `run/cdk.out`, templates. Raises DemoError."""
    return [_run(WORK / f"{stage}-{number}", variables) for number, variables in enumerate(RUNS[stage], 1)]


def _run(folder: Path, variables: dict[str, str]) -> Path:
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    environment = {**os.environ, "COUNT": COUNT, **variables, "OUT": str(folder / "run")}
    environment |= {"KEMPELEN_RECORD_IAM": str(folder), "KEMPELEN_IAM": "1"}
    done = subprocess.run([sys.executable, "-m", "scripts.demo"], cwd=ROOT, env=environment, check=False)
    if done.returncode:
        raise DemoError(f"the demo with {variables} failed, and so there is no recording")
    return folder
