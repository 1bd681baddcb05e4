"""`python -m augmentation labels`, and labels of other tools in `run`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from augmentation.__main__ import main
from domain.labels.formats.model import format_named
from domain.labels.rows import read_labels
from tests.support.builders.label_files import a_set, box

NAME = "sub dir/Käfer ж.jpg"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Two images, and the labels of both in COCO's format."""
    for name, size in a_set().sizes.items():
        path = tmp_path / "in" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        noise = np.random.default_rng(1).integers(0, 255, (size.height, size.width, 3), np.uint8)
        Image.fromarray(noise).save(path)
    (tmp_path / "coco.json").write_text(format_named("coco").write(a_set())[""])
    return tmp_path


def convert(folder: Path, origin: str, path: str, target: str, output: str, *more: str) -> int:
    return main(["labels", "--from", origin, str(folder / path), "--to", target, str(folder / output), *more])


def files_below(folder: Path) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}


def test_coco_becomes_a_folder_of_yolo_and_comes_back(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert convert(folder, "coco", "coco.json", "yolo", "yolo") == 0
    assert files_below(folder / "yolo") == {"data.yaml", "labels/b.txt", "labels/sub dir/Käfer ж.txt"}
    assert "2 objects in" in capsys.readouterr().err
    assert convert(folder, "yolo", "yolo", "coco", "back.json", "--images", str(folder / "in")) == 0
    back, before = (json.loads((folder / name).read_text()) for name in ("back.json", "coco.json"))
    assert back["categories"] == before["categories"]
    assert {image["file_name"]: (image["width"], image["height"]) for image in back["images"]} == a_set().sizes
    boxes, wanted = ([one["bbox"] for one in document["annotations"]] for document in (back, before))
    np.testing.assert_allclose(boxes, wanted, atol=0.02)


def test_sizes_are_read_from_images_as_they_are_upright(folder: Path) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    Image.new("RGB", (48, 64)).save(folder / "in" / NAME, exif=exif)
    (folder / "boxes.csv").write_text(f"file,label,left,top,width,height\n{NAME},cat,0,0,32,48\nb.png,no object,,,,\n")
    assert convert(folder, "csv", "boxes.csv", "yolo", "yolo", "--images", str(folder / "in")) == 0
    assert (
        folder / "yolo" / "labels" / "sub dir" / "Käfer ж.txt"
    ).read_text() == "0 0.250000 0.500000 0.500000 1.000000\n"


def test_labels_of_another_size_than_their_image_are_refused(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    Image.new("RGB", (48, 64)).save(folder / "in" / NAME)
    assert convert(folder, "coco", "coco.json", "cvat", "out.xml", "--images", str(folder / "in")) == 2
    said = capsys.readouterr().err
    assert "the labels are of an image of 64 x 48 pixels, and it has 48 x 64, upright" in said
    assert not (folder / "out.xml").exists()


def test_images_that_are_not_there_are_told_and_damaged_ones_refused(
    folder: Path, capsys: pytest.CaptureFixture[str], recwarn: pytest.WarningsRecorder
) -> None:
    (folder / "in" / "b.png").unlink()
    assert convert(folder, "coco", "coco.json", "cvat", "out.xml", "--images", str(folder / "in")) == 0
    assert [str(one.message) for one in recwarn] == ["1 object not among the images (b.png)"]
    (folder / "in" / NAME).write_bytes(b"\xff\xd8\xff")
    assert convert(folder, "coco", "coco.json", "cvat", "new.xml", "--images", str(folder / "in")) == 2
    assert f"{NAME}: its size cannot be read: the JPEG" in capsys.readouterr().err


def test_nothing_is_overwritten(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = (folder / "coco.json").read_text()
    assert convert(folder, "coco", "coco.json", "kempelen", "coco.json") == 2
    assert convert(folder, "coco", "coco.json", "yolo", "in") == 2
    assert capsys.readouterr().err.count("is there already, and labels are never overwritten") == 2
    assert (folder / "coco.json").read_text() == before
    (folder / "empty").mkdir()
    assert convert(folder, "coco", "coco.json", "pascal-voc", "empty") == 0
    assert len(files_below(folder / "empty")) == 2


def test_images_need_a_folder(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert convert(folder, "coco", "coco.json", "yolo", "x", "--images", str(folder / "gone")) == 2
    assert "gone: there is no such folder; give the one that holds the images" in capsys.readouterr().err


def test_a_name_that_would_leave_the_folder_is_refused(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = (folder / "coco.json").read_text().replace('"b.png"', '"../../b.png"')
    (folder / "coco.json").write_text(text)
    before = files_below(folder)
    assert convert(folder, "coco", "coco.json", "yolo", "out") == 2
    assert "has a '.' or '..' segment; nothing was written" in capsys.readouterr().err
    assert files_below(folder) == before


def test_a_full_disk_leaves_no_half_a_folder(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    written: list[Any] = []

    def fails(path: Path, data: bytes) -> None:
        if written:
            raise OSError(28, "No space left on device", str(path))
        path.parent.mkdir(parents=True)
        path.write_bytes(data)
        written.append(path)

    monkeypatch.setattr("augmentation.files.write_file", fails)
    before = files_below(folder)
    assert convert(folder, "coco", "coco.json", "yolo", "out") == 1
    assert written
    assert files_below(folder) == before
    assert not (folder / "out").exists()


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("tfrecord", "coco.json", "csv", "x"), "--from tfrecord: there is no such format; the formats are augmented-"),
        (("coco", "coco.json", "tfrecord", "x"), "--to tfrecord: there is no such format"),
        (("coco", "gone.json", "csv", "x"), "gone.json: No such file"),
        (("coco", "in", "csv", "x"), "in is a folder, and coco is one file"),
        (("yolo", "coco.json", "csv", "x"), "coco.json is no folder, and yolo is a folder of files"),
        (("pascal-voc", "in", "csv", "x"), "no file in it ends with .xml"),
        (("coco", "bad.json", "csv", "x"), "bad.json: it is not UTF-8"),
        (("cvat", "coco.json", "csv", "x"), "coco.json, line 1, column 1: no XML"),
        (("yolo", "yaml", "csv", "x"), "data.yaml: no YAML"),
    ],
)
def test_what_cannot_be_read_is_named(
    folder: Path, capsys: pytest.CaptureFixture[str], words: tuple[str, str, str, str], message: str
) -> None:
    (folder / "bad.json").write_bytes(b"\xff")
    (folder / "yaml").mkdir()
    (folder / "yaml" / "data.yaml").write_text("names: [")
    assert convert(folder, *words) == 2
    assert message in capsys.readouterr().err
    assert not (folder / "x").exists()


@pytest.mark.parametrize(
    ("name", "path"),
    [
        ("coco", "labels.json"),
        ("yolo", "labels"),
        ("pascal-voc", "labels"),
        ("cvat", "labels.xml"),
        ("label-studio", "labels.json"),
        ("csv", "labels.csv"),
        ("augmented-manifest", "labels.manifest"),
        ("kempelen", "labels.json"),
    ],
)
def test_run_reads_labels_of_every_format(folder: Path, name: str, path: str) -> None:
    """The boxes of a run that changes no pixel, in whole pixels, are those that the labels have."""
    assert convert(folder, "coco", "coco.json", name, path) == 0
    recipe = "name: any\nsplits: {train: 1, val: 0, test: 0}\nsteps:\n- {export: plain, format: png}\n"
    (folder / "r.yaml").write_text(recipe)
    words = ["--recipe", "r.yaml", "--input", "in", "--labels", path, "--output", "out"]
    arguments = [word if word.startswith("--") else str(folder / word) for word in words]
    assert main(["run", *arguments, "--processes", "1"]) == 0
    rows = [json.loads(line) for line in (folder / "out" / "manifest.jsonl").read_text().splitlines()]
    found = {row["source"]: [(one["label"], one["left"], one["width"]) for one in row["boxes"]] for row in rows}
    assert found == {NAME: [("dog", 2, 20), ('a <b> & "c"', 0, 64)], "b.png": []}


def test_a_file_of_labels_under_another_name_is_still_one(folder: Path) -> None:
    assert convert(folder, "coco", "coco.json", "kempelen", "labels.json") == 0
    rows = read_labels((folder / "labels.json").read_text())
    assert rows[0].boxes == a_set().rows[0].boxes == (box("dog", 1.5, 2.25, 20, 10), box('a <b> & "c"', 0, 0, 64, 48))
