"""The course's audio case, `make demo CASE=audio`: clips, wind, transcripts that people verify in our portal."""

from __future__ import annotations

import csv
import subprocess
import sys
from collections import defaultdict
from pathlib import Path
from typing import Any

import pytest

from scripts.demo.job import ROOT

pytestmark = pytest.mark.long


@pytest.fixture(scope="module")
def demo(run_demo):
    done = run_demo("--case", "audio")
    assert done.status == 0, done.output
    return done


def texts(file: Path, key: str) -> dict[str, str]:
    with file.open(newline="", encoding="utf-8") as lines:
        return {row[key]: row["transcript"] for row in csv.DictReader(lines)}


def clip_of(row: dict[str, Any]) -> str:
    return f"{Path(row['source']).name.split('~')[0]}.wav"


def test_every_clip_of_the_version_has_the_right_transcript_and_nothing_is_left(demo):
    right = texts(demo.work / "input/answers.csv", "file")
    assert (demo.summary["backend"], demo.summary["leftovers"]) == ("portal", [])
    assert len(demo.manifest) == demo.summary["labeled"] > 2 * len(right)
    assert all(row["transcript"] == right[clip_of(row)] for row in demo.manifest)
    assert {row["label"] for row in demo.manifest} == {"accepted", "corrected"}


def test_no_clip_is_in_two_splits_however_windy(demo):
    splits = defaultdict(set)
    for row in demo.manifest:
        splits[clip_of(row)].add(row["split"])
    assert all(len(own) == 1 for own in splits.values())
    check = [sys.executable, "-m", "augmentation", "check", str(demo.work / "dataset")]
    assert subprocess.run(check, cwd=ROOT, capture_output=True, check=False).returncode == 0


def test_the_table_of_transcripts_holds_the_training_split(demo):
    told = texts(demo.work / "dataset/transcripts-train.csv", "path")
    assert told == {row["path"]: row["transcript"] for row in demo.manifest if row["split"] == "train"}
