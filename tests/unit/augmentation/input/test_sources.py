"""Nothing below the input is lost in silence: links are followed, and what cannot be entered is named."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from augmentation.__main__ import main
from augmentation.errors import UsageError
from augmentation.input import sources
from augmentation.input.sources import find_sources
from tests.support.builders.photos import image_bytes, save_recipe


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in ("in/cats/a.jpg", "in/cats/b.jpg", "elsewhere/c.jpg", "elsewhere/deep/d.jpg"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(image_bytes())
    return tmp_path


def test_linked_folders_and_files_are_followed(folder: Path) -> None:
    (folder / "in/dogs").symlink_to(folder / "elsewhere")
    (folder / "in/cats/e.jpg").symlink_to(folder / "elsewhere/c.jpg")
    found = find_sources(folder / "in")
    assert found.names == ["cats/a.jpg", "cats/b.jpg", "cats/e.jpg", "dogs/c.jpg", "dogs/deep/d.jpg"]
    assert not found.passed_over
    assert {file.source: file.size for file in found}["dogs/c.jpg"] == len(image_bytes())


@pytest.mark.parametrize("target", ["in", "in/cats", ".", "/"])
def test_a_link_that_leads_back_is_named_and_not_followed(folder: Path, target: str) -> None:
    (folder / "in/cats/back").symlink_to(folder / target)
    found = find_sources(folder / "in")
    assert found.names == ["cats/a.jpg", "cats/b.jpg", "cats/back/"]
    assert found.passed_over == {"cats/back/": "a link to a folder that holds it; it was not followed"}


def test_a_loop_over_two_links_ends(folder: Path) -> None:
    (folder / "in/dogs").symlink_to(folder / "elsewhere")
    (folder / "elsewhere/again").symlink_to(folder / "in")
    assert list(find_sources(folder / "in").passed_over) == ["dogs/again/"]


def unreadable(folder: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """As for a person without rights; tests may run as root, whom no mode stops."""
    real = os.walk

    def walk(top: str, **options: object) -> object:
        for parent, folders, names in real(top, **options):  # type: ignore[call-overload]
            if parent == folder:
                options["onerror"](PermissionError(13, "Permission denied", parent))  # type: ignore[operator]
            else:
                yield parent, folders, names

    monkeypatch.setattr(sources.os, "walk", walk)


def test_a_folder_that_cannot_be_read_stands_in_the_quarantine(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (folder / "in/dogs").mkdir()
    unreadable(f"{folder}/in/dogs", monkeypatch)
    save_recipe(folder / "r.yaml")
    words = ["run", "--recipe", f"{folder}/r.yaml", "--input", f"{folder}/in", "--output", f"{folder}/out"]
    assert main(words) == 0
    rows = [json.loads(line) for line in (folder / "out/quarantine.jsonl").read_text().splitlines()]
    reason = "the folder cannot be read: Permission denied"
    assert rows == [{"source": "dogs/", "stage": "read", "reason": reason}]


def test_an_input_that_cannot_be_read_is_an_error(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    unreadable(f"{folder}/in", monkeypatch)
    with pytest.raises(UsageError, match=r"--input .*/in: the folder cannot be read: Permission denied"):
        find_sources(folder / "in")


def test_what_tools_and_systems_leave_behind_is_no_class_and_no_image(folder: Path) -> None:
    for name in (".git/x.jpg", "@eaDir/cats/x.jpg", "__MACOSX/._a.jpg", "cats/.ipynb_checkpoints/x.jpg", "cats/._a.jpg",
                 "cats/Thumbs.db", ".DS_Store", "cats/desktop.ini"):  # fmt: skip
        (folder / "in" / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / "in" / name).write_bytes(image_bytes())
    save_recipe(folder / "r.yaml")
    words = ["run", "--recipe", f"{folder}/r.yaml", "--input", f"{folder}/in", "--output", f"{folder}/out"]
    assert main(words) == 0
    assert list(json.loads((folder / "out/dataset.json").read_text())["classes"]) == ["cats"]
    rows = [json.loads(line) for line in (folder / "out/quarantine.jsonl").read_text().splitlines()]
    left_out = {row["source"]: row["reason"] for row in rows}
    assert set(left_out) == {".DS_Store", ".git/", "@eaDir/", "__MACOSX/", "cats/.ipynb_checkpoints/", "cats/._a.jpg",
                             "cats/Thumbs.db", "cats/desktop.ini"}  # fmt: skip
    assert left_out[".git/"] == "a hidden or system folder; nothing in it was read"


def test_labels_may_name_what_is_hidden(folder: Path) -> None:
    (folder / "in/.cache").mkdir()
    (folder / "in/.cache/x.jpg").write_bytes(image_bytes())
    assert ".cache/x.jpg" in find_sources(folder / "in").names


def test_an_image_beside_class_folders_is_refused_unless_it_gets_a_class(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "in/z.JPG").write_bytes(image_bytes())
    (folder / "in/notes.txt").write_text("of the shoot")
    save_recipe(folder / "r.yaml")
    words = ["run", "--recipe", f"{folder}/r.yaml", "--input", f"{folder}/in", "--output", f"{folder}/out"]
    assert main(words) == 2
    assert "in: z.JPG lies in no class folder; move what has a class into a folder" in capsys.readouterr().err
    assert main([*words, "--loose-class", "dogs"]) == 0
    assert list(json.loads((folder / "out/dataset.json").read_text())["classes"]) == ["cats", "dogs"]


def test_what_is_no_image_may_lie_beside_class_folders(folder: Path) -> None:
    (folder / "in/notes.txt").write_text("of the shoot")
    save_recipe(folder / "r.yaml")
    words = ["run", "--recipe", f"{folder}/r.yaml", "--input", f"{folder}/in", "--output", f"{folder}/out"]
    assert main(words) == 0
    row = {"source": "notes.txt", "stage": "label", "reason": "unlabeled: it lies in no class folder"}
    assert json.loads((folder / "out/quarantine.jsonl").read_text()) == row
