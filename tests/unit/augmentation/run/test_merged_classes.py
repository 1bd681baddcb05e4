"""A version whose recipe merges classes: only what is called otherwise now is made anew."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from augmentation.__main__ import main
from tests.support.builders.photos import image_bytes

RECIPE = (
    "name: s\nsplits: {{train: 1, val: 0, test: 0}}\nclasses: {classes}\n"
    "steps:\n  - {{op: resize, width: 16, height: 12}}\n  - export: small\n"
)


def run(folder: Path, output: str, classes: str, *more: str) -> int:
    for number, name in enumerate(("kitten", "cat", "dog")):
        (folder / "in" / name).mkdir(parents=True, exist_ok=True)
        (folder / "in" / name / "a.jpg").write_bytes(image_bytes(size=(64, 48 + number)))
    (folder / "r.yaml").write_text(RECIPE.format(classes=classes))
    paths = ["--recipe", "r.yaml", "--input", "in", "--output", output]
    return main(["run", *(word if word.startswith("--") else str(folder / word) for word in paths), *more])


def rows(folder: Path, output: str) -> dict[str, Any]:
    lines = (folder / output / "manifest.jsonl").read_text().splitlines()
    return {row["source"]: row for row in map(json.loads, lines)}


def test_only_the_outputs_of_what_is_called_otherwise_are_made_again(tmp_path: Path) -> None:
    assert run(tmp_path, "v1", "{}", "--version", "v1") == 0
    assert run(tmp_path, "v2", "{cat: [kitten, cat]}", "--known", str(tmp_path / "v1/manifest.jsonl")) == 0
    found = rows(tmp_path, "v2")
    assert {source: row["label"] for source, row in found.items()} == {
        "kitten/a.jpg": "cat",
        "cat/a.jpg": "cat",
        "dog/a.jpg": "dog",
    }
    assert found["kitten/a.jpg"]["path"].startswith("data/train/cat/")
    assert found["cat/a.jpg"]["path"].startswith("../v1/")
    assert json.loads((tmp_path / "v2/dataset.json").read_text())["relabeled"] == 1
    assert main(["check", str(tmp_path / "v2")]) == 0


def test_a_part_that_no_label_says_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(tmp_path, "v1", "{cat: [kiten, cat]}") == 2
    assert "no label says 'kiten', of which the recipe makes 'cat'" in capsys.readouterr().err
