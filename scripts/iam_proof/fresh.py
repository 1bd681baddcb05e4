"""A recording of now: the main jobs, from an empty local cloud to an empty local cloud, with IAM enforced."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

from scripts.demo.job import ROOT, DemoError

WORK = ROOT / ".local/iam"
# Arguments and environment of `scripts.iam_recording`, by the stage's name; several runs make one recording.
RUNS: dict[str, tuple[tuple[list[str], dict[str, str]], ...]] = {
    "ground_truth": ((["ground_truth"], {}), (["ground_truth"], {"ASSIST": "1"})),
    "portal": ((["portal"], {}),),
}


def record(stage: str) -> list[Path]:
    """Folders with `requests.jsonl`, `deployment.json` and, in `run/cdk.out`, templates. Raises DemoError."""
    return [_run(WORK / f"{stage}-{number}", *how) for number, how in enumerate(RUNS[stage], 1)]


def _run(folder: Path, arguments: list[str], variables: dict[str, str]) -> Path:
    shutil.rmtree(folder, ignore_errors=True)
    folder.parent.mkdir(parents=True, exist_ok=True)
    command = [sys.executable, "-m", "scripts.iam_recording", str(folder), *arguments]
    done = subprocess.run(command, cwd=ROOT, env={**os.environ, **variables}, check=False)
    if done.returncode:
        raise DemoError(f"there is no recording of {' '.join([*arguments, *variables])}")
    return folder
