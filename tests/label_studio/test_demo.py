"""The demo's main job, labeled on a real server by three people, as `make demo BACKEND=label_studio` runs it."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

# `make test-label-studio` runs it; `make test` has the others only, where the server is installed.
pytestmark = pytest.mark.long

ROOT = Path(__file__).resolve().parents[2]
TIMEOUT_SECONDS = 1800  # the server's start alone takes up to seven minutes beside others
IMAGES = 33


def test_the_demo_ends_with_a_whole_version_and_nothing_left(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "scripts.demo", "--backend", "label_studio", "--out", str(tmp_path / "run")]
    done = subprocess.run(
        command,
        cwd=ROOT,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=TIMEOUT_SECONDS,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    summary = json.loads((tmp_path / "run/summary.json").read_text())
    assert (summary["backend"], summary["images"], summary["labeled"]) == ("label_studio", IMAGES, IMAGES)
    assert summary["classes"] == {"mouth open": 7, "mouth not open": 26}
    assert 0.8 <= summary["worker_agreement"] < 1
    assert summary["leftovers"] == []
    rows = [json.loads(line) for line in (tmp_path / "run/labels.jsonl").read_text().splitlines()]
    assert {len(row["votes"]) for row in rows} == {3}
    assert len({vote["worker"] for row in rows for vote in row["votes"]}) == 3
    (version,) = summary["versions"]
    made = (tmp_path / "run/dataset/manifest.jsonl").read_text().splitlines()
    assert len(made) == version["outputs"] > IMAGES
    assert "mouth open" in (tmp_path / "run/dataset/report.html").read_text()
    assert not running(tmp_path / "run")


def running(folder: Path) -> list[str]:
    """Processes that were started with this folder."""
    listed = subprocess.run(["ps", "-ax", "-ww", "-o", "args"], capture_output=True, text=True, check=True).stdout
    return [line for line in listed.splitlines() if str(folder) in line]
