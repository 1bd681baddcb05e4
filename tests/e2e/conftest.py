"""Whole runs of the demo, each as its own process, as a person would start it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
# A later run takes about a minute on 2 cores; a loaded CI machine may take several times that.
TIMEOUT_SECONDS = 600


@dataclass(frozen=True)
class DemoRun:
    """What a finished demo printed and left."""

    status: int
    output: str
    work: Path

    @property
    def summary(self) -> dict[str, Any]:
        return json.loads((self.work / "summary.json").read_text(encoding="utf-8"))

    @property
    def manifest(self) -> list[dict[str, Any]]:
        text = (self.work / "dataset/manifest.jsonl").read_text(encoding="utf-8")
        return [json.loads(line) for line in text.splitlines()]


@pytest.fixture(scope="session")
def run_demo(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., DemoRun]:
    """Run `python -m scripts.demo` with options; its work folder is a temporary one."""

    def run(*options: str) -> DemoRun:
        work = tmp_path_factory.mktemp("demo")
        path = os.pathsep.join([str(Path(sys.executable).parent), str(ROOT / "node_modules/.bin"), os.environ["PATH"]])
        done = subprocess.run(
            [sys.executable, "-m", "scripts.demo", "--work", str(work), *options],
            cwd=ROOT,
            env={**os.environ, "PATH": path},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=TIMEOUT_SECONDS,
            check=False,
        )
        return DemoRun(done.returncode, done.stdout + done.stderr, work)

    return run
