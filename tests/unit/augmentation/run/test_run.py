"""A whole run from the command line: a version on disk in which everything adds up."""

from __future__ import annotations

import hashlib
import io
import json
import os
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from augmentation.__main__ import main
from domain.jsonlines import load_lines
from domain.labels.boxes import BoxLabel
from domain.labels.rows import LabelRow
from tests.support.builders.photos import (
    LEGO_FACES,
    any_label,
    any_rgb,
    image_bytes,
    save_labels,
    save_recipe,
    tree,
    write_photos,
)


@pytest.fixture
def photos(tmp_path: Path) -> list[LabelRow]:
    return write_photos(tmp_path / "in", 16)


@pytest.fixture
def recipe(tmp_path: Path) -> Path:
    return save_recipe(tmp_path / "small.yaml")


def run(folder: Path, *more: str, output: str = "out", seed: int = 7, processes: int = 1) -> int:
    arguments = [
        "run",
        "--recipe",
        str(folder / "small.yaml"),
        "--input",
        str(folder / "in"),
        "--created",
        "2026-11-22",
    ]
    arguments += ["--output", str(folder / output), "--seed", str(seed), "--processes", str(processes), *more]
    if (folder / "labels.jsonl").exists():
        arguments += ["--labels", str(folder / "labels.jsonl")]
    else:
        arguments += ["--loose-class", "any"]
    return main(arguments)


def rows_of(version: Path, name: str = "manifest.jsonl") -> list[dict[str, Any]]:
    return list(load_lines((version / name).read_text(), name))


@pytest.fixture
def version(tmp_path: Path, photos: list[LabelRow], recipe: Path) -> Path:
    assert recipe.exists()
    save_labels(tmp_path / "labels.jsonl", photos)
    assert run(tmp_path) == 0
    return tmp_path / "out"


def test_the_manifest_names_exactly_the_files_there_are(version: Path) -> None:
    rows = rows_of(version)
    assert sorted(row["path"] for row in rows) == sorted(name for name in tree(version) if name.startswith("data/"))
    for row in rows:
        data = (version / row["path"]).read_bytes()
        assert hashlib.sha256(data).hexdigest() == row["sha256"]
        with Image.open(io.BytesIO(data)) as image:
            assert image.size == (row["width"], row["height"]) == (24, 24)


def test_the_version_is_whole_and_the_parts_are_gone(version: Path) -> None:
    names = {name for name in tree(version) if not name.startswith("data/")}
    assert {
        "manifest.jsonl",
        "augmented.manifest",
        "quarantine.jsonl",
        "recipe.yaml",
        "dataset.json",
        "report.html",
    } < names
    assert (version / "_SUCCESS").read_bytes() == b""
    assert not (version / "parts").exists()


def test_only_training_images_are_augmented(version: Path) -> None:
    exports = {split: Counter() for split in ("train", "val", "test")}
    for row in rows_of(version):
        exports[row["split"]][row["export"]] += 1
    assert set(exports["val"]) == set(exports["test"]) == {"resize"}
    assert set(exports["train"]) == {"resize", "varied", "noisy"}


def test_the_smaller_class_is_raised_to_the_larger_one(version: Path) -> None:
    made = Counter(row["label"] for row in rows_of(version) if row["split"] == "train")
    assert made["open"] >= made["shut"]


def test_files_lie_in_folders_of_split_and_class(version: Path) -> None:
    for row in rows_of(version):
        assert row["path"].startswith(f"data/{row['split']}/{row['label']}/")


def test_drawn_values_are_in_the_manifest(version: Path) -> None:
    row = next(row for row in rows_of(version) if row["export"] == "varied" and len(row["steps"]) == 4)
    assert [step["op"] for step in row["steps"]] == ["resize_crop", "flip", "rotate", "brightness_contrast"]
    assert -20 <= row["steps"][2]["values"]["degrees"] <= 20


def test_variants_of_one_source_differ(version: Path) -> None:
    sums = [row["sha256"] for row in rows_of(version) if row["split"] == "train"]
    assert len(set(sums)) == len(sums)


def test_two_processes_and_one_make_the_same_bytes(
    tmp_path: Path, version: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("augmentation.run.parallel.CHUNK_FILES", 3)
    save_labels(tmp_path / "labels.jsonl", write_photos(tmp_path / "in", 16))
    assert run(tmp_path, output="two", processes=2) == 0
    one, two = tree(version), tree(tmp_path / "two")
    for name in ("dataset.json", "augmented.manifest", "report.html"):  # these name the folder
        two[name] = two[name].replace(str(tmp_path / "two").encode(), str(version).encode())
    same = {name for name in one if not name.startswith("augmented-")}
    assert {name: one[name] for name in same} == {name: two[name] for name in same}
    assert one.keys() == two.keys()


def test_another_seed_draws_other_values_but_keeps_splits_and_plain_files(tmp_path: Path, version: Path) -> None:
    assert run(tmp_path, output="other", seed=8) == 0
    one, other = rows_of(version), rows_of(tmp_path / "other")
    assert {row["source"]: row["split"] for row in one} == {row["source"]: row["split"] for row in other}
    plain = [[row["sha256"] for row in rows if row["export"] == "resize"] for rows in (one, other)]
    drawn = [{row["sha256"] for row in rows if row["export"] != "resize"} for rows in (one, other)]
    assert plain[0] == plain[1]
    assert not drawn[0] & drawn[1]


def test_without_labels_the_first_folder_is_the_class(tmp_path: Path, recipe: Path) -> None:
    for label in ("cat", "dog"):
        write_photos(tmp_path / "in" / label, 4)
    assert run(tmp_path) == 0
    assert Counter(row["label"] for row in rows_of(tmp_path / "out") if row["export"] == "resize") == {
        "cat": 4,
        "dog": 4,
    }
    assert len({Path(row["path"]).name for row in rows_of(tmp_path / "out")}) == len(rows_of(tmp_path / "out"))


HOSTILE_NAMES = [
    "plain.jpg", "two words.JPG", "o'brien.jpeg", 'the "captain".jpg', "Zoë.jpg", "日本.jpg", "a~b~c.jpg", "-rf.jpg",
    "percent%20.jpg", "semi;colon&and.jpg", "x" * 200 + ".jpg", "no extension", ".hidden.jpg", "emoji 🙂.jpg",
    "<b>.jpg",
]  # fmt: skip


def test_hostile_names_are_taken_as_they_are(tmp_path: Path, recipe: Path) -> None:
    (tmp_path / "in").mkdir()
    for index, name in enumerate(HOSTILE_NAMES):
        Image.fromarray(any_rgb(seed=index)).save(tmp_path / "in" / name, "JPEG")
    save_labels(tmp_path / "labels.jsonl", [any_label(name) for name in HOSTILE_NAMES])
    assert run(tmp_path) == 0
    rows = rows_of(tmp_path / "out")
    assert {row["source"] for row in rows} == set(HOSTILE_NAMES)
    assert all(Path(row["path"]).name.isascii() and len(Path(row["path"]).name) < 120 for row in rows)
    assert "<b>.jpg" not in (tmp_path / "out/report.html").read_text()


def test_bad_files_are_quarantined_and_the_run_goes_on(tmp_path: Path, recipe: Path) -> None:
    rows = write_photos(tmp_path / "in", 6)
    bad = {"empty.jpg": b"", "text.jpg": b"hello", "cut.jpg": image_bytes(size=(300, 300))[:900], "stray.csv": b"a,b\n"}
    for name, data in bad.items():
        (tmp_path / "in" / name).write_bytes(data)
    rows += [any_label(name) for name in bad if name != "stray.csv"]
    rows.append(
        LabelRow(source="never.jpg", source_ref="s3://b/never.jpg", status="unlabeled", reason="nobody had time")
    )
    save_labels(tmp_path / "labels.jsonl", rows)
    assert run(tmp_path) == 0
    reasons = {row["source"]: row["reason"] for row in rows_of(tmp_path / "out", "quarantine.jsonl")}
    assert reasons.pop("text.jpg").startswith("not an image of a known format")
    assert reasons.pop("cut.jpg").startswith("the JPEG is truncated")
    assert reasons == {
        "empty.jpg": "the file is empty",
        "stray.csv": "no label row",
        "never.jpg": "unlabeled: nobody had time",
    }
    assert len({row["source"] for row in rows_of(tmp_path / "out")}) == 6


@pytest.mark.skipif(os.name != "posix", reason="names of arbitrary bytes exist on POSIX alone")
def test_a_name_that_is_no_utf8_is_quarantined_under_a_readable_name(tmp_path: Path, recipe: Path) -> None:
    write_photos(tmp_path / "in", 3)
    Path(os.fsdecode(bytes(tmp_path / "in") + b"/bad\xff.jpg")).write_bytes(image_bytes())
    assert run(tmp_path) == 0
    assert [row["source"] for row in rows_of(tmp_path / "out", "quarantine.jsonl")] == ["bad\\udcff.jpg"]


def test_the_demo_recipe_makes_twelve_files_of_each_training_image(tmp_path: Path) -> None:
    save_labels(tmp_path / "labels.jsonl", write_photos(tmp_path / "in", 33, small_class=7))
    save_recipe(tmp_path / "small.yaml", LEGO_FACES.read_text())
    assert run(tmp_path) == 0
    rows = rows_of(tmp_path / "out")
    training = Counter(row["source"] for row in rows if row["split"] == "train")
    classes = Counter(row["label"] for row in rows if row["split"] == "train")
    assert min(training.values()) >= 12
    assert classes["open"] >= 0.8 * classes["shut"]
    sources = {row["split"]: set() for row in rows}
    for row in rows:
        sources[row["split"]].add(row["label"])
    assert sources == {split: {"open", "shut"} for split in ("train", "val", "test")}


@pytest.mark.parametrize(
    ("files", "said"),
    [
        (0, "so there is no new version: the input holds no file"),
        (2, "so there is no new version: 2 in quarantine (the file is empty)"),
    ],
)
def test_a_run_that_makes_nothing_makes_no_version(
    tmp_path: Path, recipe: Path, files: int, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "in").mkdir()
    for number in range(files):
        (tmp_path / f"in/{number}.jpg").touch()
    assert run(tmp_path) == 1
    error = capsys.readouterr().err
    assert said in error
    assert "Traceback" not in error
    assert not (tmp_path / "out/_SUCCESS").exists()
    assert not (tmp_path / "out/dataset.json").exists()


def test_a_run_that_adds_nothing_makes_no_version(tmp_path: Path, version: Path) -> None:
    assert version.exists()
    save_recipe(tmp_path / "small.yaml")
    assert run(tmp_path, "--known", str(version / "manifest.jsonl"), output="again") == 1
    assert not (tmp_path / "again/_SUCCESS").exists()


def test_png_and_quality_are_written_as_the_recipe_says(tmp_path: Path) -> None:
    save_recipe(
        tmp_path / "small.yaml",
        "name: any\nsplits: {train: 1, val: 0, test: 0}\n"
        "steps:\n- {export: plain, format: png}\n- {export: poor, quality: 5}\n",
    )
    write_photos(tmp_path / "in", 1)
    assert run(tmp_path) == 0
    by_export = {row["export"]: row for row in rows_of(tmp_path / "out")}
    assert by_export["plain"]["path"].endswith(".png")
    assert (tmp_path / "out" / by_export["poor"]["path"]).stat().st_size < 1500
    with Image.open(tmp_path / "out" / by_export["plain"]["path"]) as image:
        assert (image.format, image.mode, image.size) == ("PNG", "RGB", (64, 48))


def test_labels_may_be_a_table(tmp_path: Path, recipe: Path, capsys: pytest.CaptureFixture[str]) -> None:
    names = sorted(row.source for row in write_photos(tmp_path / "in", 4))
    (tmp_path / "answers.csv").write_text(
        "file,label\n" + "".join(f"{name},cat\n" for name in [*names[1:], "gone.jpg"])
    )
    assert run(tmp_path, "--labels", str(tmp_path / "answers.csv")) == 0
    assert {row["source"]: row["label"] for row in rows_of(tmp_path / "out")} == dict.fromkeys(names[1:], "cat")
    assert {row["source"] for row in rows_of(tmp_path / "out", "quarantine.jsonl")} == {names[0], "gone.jpg"}
    assert "4 files read" in (said := capsys.readouterr().err)
    assert "2 in quarantine" in said


def test_a_table_that_contradicts_itself_is_refused(
    tmp_path: Path, recipe: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write_photos(tmp_path / "in", 1)
    (tmp_path / "answers.csv").write_text("file,label\na.jpg,cat\na.jpg,dog\n")
    assert run(tmp_path, "--labels", str(tmp_path / "answers.csv")) == 2
    assert "answers.csv, line 3: a.jpg is 'dog' here and 'cat' above" in capsys.readouterr().err
    (tmp_path / "answers.csv").write_bytes(b"file,label\na.jpg,caf\xe9\n")
    assert run(tmp_path, "--labels", str(tmp_path / "answers.csv"), output="other") == 2
    assert "answers.csv: it is not UTF-8" in capsys.readouterr().err


def test_a_box_without_a_size_costs_its_image_and_no_run(tmp_path: Path, recipe: Path) -> None:
    rows = write_photos(tmp_path / "in", 3)
    flat = BoxLabel(label="cat", left=1, top=1, width=0, height=4)
    save_labels(tmp_path / "labels.jsonl", [rows[0].model_copy(update={"boxes": (flat,)}), *rows[1:]])
    assert run(tmp_path) == 0
    [row] = rows_of(tmp_path / "out", "quarantine.jsonl")
    assert (row["source"], row["stage"]) == (rows[0].source, "read")
    assert "the box 'cat' has no size" in row["reason"]


@pytest.mark.parametrize("command", ["run", "plan"])
def test_what_falls_short_is_said(tmp_path: Path, command: str, capsys: pytest.CaptureFixture[str]) -> None:
    for name in ("cats/a.jpg", "cats/b.jpg", "dogs/c.jpg"):
        (tmp_path / "in" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "in" / name).write_bytes(image_bytes())
    recipe = save_recipe(tmp_path / "r.yaml", BALANCED)
    words = ["--recipe", str(recipe), "--input", str(tmp_path / "in")]
    more = ["--output", str(tmp_path / "out")] if command == "run" else []
    assert main([command, *words, *more]) == 0
    told = capsys.readouterr()
    lines = [line for line in (told.out + told.err).splitlines() if line.startswith("warning: ")]
    assert lines == [
        "warning: nothing is in val: there are too few images, or too many of them are near-duplicates, "
        "which must share a split",
        "warning: a single image is in the class dogs",
        "warning: `balance` asks for more training files than were made (dogs 3 of 4): `max_variants` stopped it, "
        "or files are in quarantine",
    ]
    if command == "run":
        facts = json.loads((tmp_path / "out/dataset.json").read_text())
        assert [f"warning: {sentence}" for sentence in facts["warnings"]] == lines
        assert "a single image is in the class dogs" in (tmp_path / "out/report.html").read_text()


BALANCED = """
name: balanced
splits: {train: 0.8, val: 0.2, test: 0}
steps:
  - export: plain
  - branch: varied
    variants: 1
    balance: 1
    max_variants: 2
    steps: [{op: rotate, degrees: [-5, 5]}, {export: turned}]
"""
