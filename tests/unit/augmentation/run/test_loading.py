"""The examples of docs/loading.md run, over a version that the engine has just made, without any network."""

from __future__ import annotations

import hashlib
import json
import os
import re
from pathlib import Path
from typing import Any

import pytest
from datasets import load_dataset
from PIL import Image

from augmentation.__main__ import main
from domain.plan.identity import class_folder
from tests.support.builders.photos import ROOT, any_label, image_bytes, save_labels

RECIPE = """
name: loaded
splits: {train: 0.6, val: 0.2, test: 0.2, near_duplicates: ignore}
output: {layout: LAYOUT}
steps:
  - {op: resize_crop, width: 24, height: 16}
  - export: plain
  - branch: turned
    variants: 2
    steps: [{op: rotate, degrees: [-20, 20]}, {export: turned}]
"""
BLOCKS = re.findall(r"```python\n(.*?)```", (ROOT / "docs/loading.md").read_text(encoding="utf-8"), re.DOTALL)


@pytest.fixture(scope="module")
def sets(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("loading")
    for number in range(12):
        path = folder / "in" / ("mouth open" if number % 3 == 0 else "shut") / f"photo.{number}.jpg"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(image_bytes(size=(60 + number, 40)))
    mixed = RECIPE.replace("{op: rotate, degrees: [-20, 20]}", "mixup: {alpha: 1}")
    for name, layout, recipe in (("v1", "folders", RECIPE), ("shards", "shards", RECIPE), ("mixed", "folders", mixed)):
        (folder / "r.yaml").write_text(recipe.replace("LAYOUT", layout))
        paths = ["--recipe", str(folder / "r.yaml"), "--input", str(folder / "in")]
        assert main(["run", *paths, "--output", str(folder / "sets" / name)]) == 0
    return folder


NAMES = ["Zebra", "café", "zebra 2", "Ägypten", "日本", "a/b", "100%", "cat + dog", "émile", "?"]


def test_folders_and_dataset_json_number_the_classes_alike(tmp_path: Path) -> None:
    """As ImageFolder and Keras number them, by the sorted names of the folders, and as `datasets` does."""
    labels = [any_label(f"{number}.jpg", NAMES[number % len(NAMES)]) for number in range(2 * len(NAMES))]
    (tmp_path / "in").mkdir()
    for row in labels:
        (tmp_path / "in" / row.source).write_bytes(image_bytes(size=(60, 40)))
    (tmp_path / "r.yaml").write_text("name: a\nsplits: {train: 1, val: 0, test: 0}\nsteps: [{export: x}]\n")
    words = ["--recipe", f"{tmp_path}/r.yaml", "--input", f"{tmp_path}/in", "--output", f"{tmp_path}/out"]
    assert main(["run", *words, "--labels", str(save_labels(tmp_path / "labels.jsonl", labels))]) == 0
    facts = json.loads((tmp_path / "out/dataset.json").read_text())
    assert set(facts["class_index"]) == set(NAMES)
    assert list(facts["classes"]) == list(facts["class_index"])
    train = tmp_path / "out/data/train"
    folders = sorted(entry.name for entry in os.scandir(train) if entry.is_dir())  # torchvision.datasets.folder
    assert folders == [class_folder(name) for name in facts["class_index"]]
    assert {"café", "日本", "cat + dog", "Ägypten"} <= set(folders)
    found = load_dataset("imagefolder", data_dir=str(train), split="train", cache_dir=str(tmp_path / "cache"))
    assert found.features["label"].names == folders


@pytest.fixture(autouse=True)
def _offline(sets: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(sets)
    monkeypatch.setattr("datasets.config.HF_DATASETS_OFFLINE", True)
    monkeypatch.setattr("datasets.config.HF_DATASETS_CACHE", str(sets / "cache"))
    monkeypatch.setattr("datasets.config.DOWNLOADED_DATASETS_PATH", str(sets / "downloads"))


def executed(*numbers: int) -> dict[str, Any]:
    """The names after the blocks, one after the other as a reader would run them."""
    names: dict[str, Any] = {}
    for number in numbers:
        exec(BLOCKS[number], names)
    return names


def rows_of(version: str, split: str = "train") -> list[dict[str, Any]]:
    lines = Path(f"sets/{version}/manifest.jsonl").read_text().splitlines()
    return [row for row in map(json.loads, lines) if row["split"] == split]


def test_there_are_six_blocks() -> None:
    assert len(BLOCKS) == 6


def test_class_folders_are_read_with_their_classes() -> None:
    found = executed(0)["train"]
    names = found.features["label"].names
    assert names == ["mouth open", "shut"]
    assert sorted(names[label] for label in found["label"]) == sorted(row["label"] for row in rows_of("v1"))
    assert found[0]["image"].size == (24, 16)


def test_the_manifest_gives_paths_and_numbers_of_classes() -> None:
    names = executed(0, 1)
    assert len(names["pairs"]) == len(rows_of("v1"))
    assert {number for _, number in names["pairs"]} == {0, 1}
    for path, _ in names["pairs"]:
        with Image.open(path) as image:
            assert image.size == (24, 16)


def test_mixed_images_have_a_share_of_each_class() -> None:
    names: dict[str, Any] = {}
    exec(BLOCKS[1].replace("sets/v1", "sets/mixed"), names)
    exec(BLOCKS[2], names)
    mixed = {Path("sets/mixed") / row["path"] for row in rows_of("mixed") if "partner" in row}
    assert len(mixed) > 0
    assert {path for path, _ in names["pairs"]} == {path for path, _ in names["soft_pairs"]} - mixed
    for path, shares in names["soft_pairs"]:
        assert sum(shares) == pytest.approx(1)
        assert (max(shares) < 1) == (path in mixed)


def test_below_each_split_there_is_a_folder_for_each_class_and_nothing_but_images_in_it() -> None:
    """What `ImageFolder` and `image_dataset_from_directory` need."""
    for split in ("train", "val", "test"):
        entries = sorted(Path(f"sets/v1/data/{split}").iterdir())
        assert [entry.name for entry in entries] == ["mouth open", "shut"]
        files = [file for entry in entries for file in entry.iterdir()]
        assert {file.suffix for file in files} == {".jpg"}
        assert len(files) == len(rows_of("v1", split))


def test_webdataset_reads_the_shards() -> None:
    names = executed(1, 3)
    read = [(image.size, row["identity"], row["label"]) for image, row in names["samples"]]
    assert sorted(read) == sorted(((24, 16), row["identity"], row["label"]) for row in rows_of("shards"))


def test_datasets_reads_the_shards() -> None:
    found = executed(1, 3, 4)["train"]
    assert len(found) == len(rows_of("shards"))
    assert {one["json"]["label"] for one in found} == {"mouth open", "shut"}
    assert found[0]["jpg"].size == (24, 16)


def test_one_output_is_read_out_of_its_shard() -> None:
    names = executed(1, 5)
    assert hashlib.sha256(names["data"]).hexdigest() == names["row"]["sha256"]
