"""Objects with several labels lie in no class folder: a loader of class folders would take two classes for one."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from augmentation.__main__ import main
from domain.labels.boxes import BoxLabel
from domain.labels.rows import LabelRow
from tests.support.builders.photos import image_bytes, save_labels, tree

RECIPE = (
    "name: s\nsplits: {train: 1, val: 0, test: 0}\nsteps:\n  - {op: resize, width: 16, height: 12}\n  - export: small\n"
)


def row(number: int, *labels: str, **more: Any) -> LabelRow:
    only = labels[0] if len(labels) == 1 else None
    name = f"local-{number}.jpg"  # as this machine's shards are called
    return LabelRow(source=name, source_ref=name, status="labeled", label=only, labels=labels, **more)


def run(folder: Path, labels: list[LabelRow], *more: str) -> list[dict[str, Any]]:
    (folder / "in").mkdir(exist_ok=True)
    for number, label in enumerate(labels):
        (folder / "in" / label.source).write_bytes(image_bytes(size=(64, 48 + number)))
    (folder / "r.yaml").write_text(RECIPE)
    save_labels(folder / "labels.jsonl", labels)
    paths = ["--recipe", "r.yaml", "--input", "in", "--labels", "labels.jsonl", "--output", "out"]
    arguments = [name if name.startswith("--") else str(folder / name) for name in paths]
    assert main(["run", *arguments, "--created", "2026-11-25", *more]) == 0
    return [json.loads(line) for line in (folder / "out/manifest.jsonl").read_text().splitlines()]


def test_where_each_has_one_label_its_folder_is_its_class(tmp_path: Path) -> None:
    assert {row["path"].split("/")[2] for row in run(tmp_path, [row(0, "cat"), row(1, "dog")])} == {"cat", "dog"}


def test_where_some_have_several_there_are_no_class_folders(tmp_path: Path) -> None:
    rows = run(tmp_path, [row(0, "cat"), row(1, "cat", "dog"), row(2, "dog")])
    assert all(len(found["path"].split("/")) == 3 for found in rows)
    assert {tuple(found["labels"]) for found in rows} == {("cat",), ("dog",), ("cat", "dog")}
    assert main(["check", str(tmp_path / "out")]) == 0


def test_boxes_of_several_classes_neither(tmp_path: Path) -> None:
    boxes = tuple(BoxLabel(label=name, left=1, top=1, width=20, height=20) for name in ("cat", "dog"))
    rows = run(tmp_path, [row(0, "cat", boxes=boxes[:1]), row(1, "cat", "dog", boxes=boxes)])
    assert all(len(found["path"].split("/")) == 3 for found in rows)
    assert (tmp_path / "out/coco-train.json").exists()


def test_a_resumed_run_takes_no_image_for_a_shard(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    labels = [row(0, "cat"), row(1, "cat", "dog"), row(2, "dog")]
    whole = run(tmp_path, labels)
    files = tree(tmp_path / "out/data")
    (tmp_path / "out").rename(tmp_path / "whole")
    with monkeypatch.context() as patch:
        patch.setattr("augmentation.run.run._finish", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(AssertionError):
            run(tmp_path, labels)
    assert run(tmp_path, labels, "--resume") == whole
    assert tree(tmp_path / "out/data") == files
