"""The recipes that ship make what their comments promise, on the drawn sample faces."""

from __future__ import annotations

import csv
import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from augmentation.__main__ import main
from scripts.draw_faces import CLOSED_LABEL, OPEN_LABEL, draw_faces
from tests.support.builders.photos import ROOT, any_label, save_labels

Row = dict[str, Any]


@pytest.fixture(scope="module")
def faces(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """12 faces, 3 of them with an open mouth: 8 train, 2 validate, 2 test."""
    folder = tmp_path_factory.mktemp("faces")
    draw_faces(folder / "in", folder / "answers.csv", count=12, open_mouths=3)
    with (folder / "answers.csv").open(encoding="utf-8") as stream:
        rows = [any_label(row["file"], row["label"]) for row in csv.DictReader(stream)]
    save_labels(folder / "labels.jsonl", rows)
    return folder


def rows_of(faces: Path, recipe: str, output: Path) -> list[Row]:
    path = ROOT / "recipes" / f"{recipe}.yaml"
    arguments = ["--recipe", path, "--input", faces / "in", "--labels", faces / "labels.jsonl", "--output", output]
    assert main(["run", *map(str, arguments)]) == 0
    return [json.loads(line) for line in (output / "manifest.jsonl").read_text(encoding="utf-8").splitlines()]


def test_lighting_makes_seven_files_of_each_training_image_and_one_of_the_others(faces: Path, tmp_path: Path) -> None:
    rows = rows_of(faces, "lighting", tmp_path / "out")
    made = {
        split: Counter(row["source"] for row in rows if row["split"] == split) for split in ("train", "val", "test")
    }
    assert set(made["train"].values()) == {7}
    assert set(made["val"].values()) == set(made["test"].values()) == {1}
    assert len(made["train"]) + len(made["val"]) + len(made["test"]) == 12


def test_lighting_changes_light_by_weight_and_moves_nothing(faces: Path, tmp_path: Path) -> None:
    lit = [row for row in rows_of(faces, "lighting", tmp_path / "out") if row["export"] == "lit"]
    ways = Counter(tuple(step["op"] for step in row["steps"][2:]) for row in lit)
    assert set(ways) == {("brightness_contrast",), ("gamma",), ("gamma", "brightness_contrast")}
    assert ways["brightness_contrast",] > ways["gamma", "brightness_contrast"]


def test_balance_raises_open_mouths_to_the_others_in_training_alone(faces: Path, tmp_path: Path) -> None:
    rows = rows_of(faces, "balance", tmp_path / "out")
    made = {split: Counter(row["label"] for row in rows if row["split"] == split) for split in ("train", "val", "test")}
    closed = made["train"][CLOSED_LABEL]
    sources = {row["source"] for row in rows if row["split"] == "train" and row["label"] == CLOSED_LABEL}
    assert closed == 2 * len(sources)
    assert made["train"][OPEN_LABEL] == closed
    for split in ("val", "test"):
        assert sum(made[split].values()) == len({row["source"] for row in rows if row["split"] == split})


def test_robustness_makes_each_training_image_clean_and_under_each_corruption_once(faces: Path, tmp_path: Path) -> None:
    rows = rows_of(faces, "robustness", tmp_path / "out")
    made = Counter(row["export"] for row in rows if row["split"] == "train")
    sources = {row["source"] for row in rows if row["split"] == "train"}
    assert len(made) == 20
    assert set(made.values()) == {len(sources)}
    assert {row["export"] for row in rows if row["split"] != "train"} == {"clean"}
    assert {step["values"]["severity"] for row in rows for step in row["steps"][1:]} == {3}
