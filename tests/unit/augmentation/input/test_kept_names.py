"""Who reads names from labels and manifests takes the strings that the list of files keeps: each is in memory once."""

from __future__ import annotations

import json
from pathlib import Path

from augmentation.input.earlier import load_known
from augmentation.input.labels import load_label_rows
from augmentation.input.sources import SourceFile, SourceFiles
from domain.plan.plan import make_plan
from domain.recipe import Recipe
from tests.support.builders.photos import any_label, save_labels

RECIPE = Recipe.from_mapping({"name": "small", "steps": [{"op": "grayscale"}, {"export": "gray"}]})


def test_a_plan_holds_the_names_of_the_files(tmp_path: Path) -> None:
    files = SourceFiles(SourceFile(f"{label}-{index}.jpg", 1) for label in "ab" for index in range(4))
    labels = save_labels(tmp_path / "labels.jsonl", [any_label(name) for name in (*files.names, "gone.jpg")])
    known = tmp_path / "known.jsonl"
    row = {"split": "val", "label": "a", "export": "e", "identity": "0" * 64}
    known.write_text("".join(json.dumps({"source": name, **row}) + "\n" for name in files.names))
    plan = make_plan(RECIPE, load_label_rows(labels, files, tmp_path), 1, load_known(known, files))
    own = {id(name) for name in files.names}
    assert {id(source) for source in plan.known.splits} == own
    assert {id(source) for source in plan.classes} > own
    assert "gone.jpg" in plan.classes
