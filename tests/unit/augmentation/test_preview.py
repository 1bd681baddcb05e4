"""The preview shows each export with its variants, and passes over what cannot be read."""

from __future__ import annotations

from pathlib import Path

import pytest

from augmentation.__main__ import main
from tests.support.photos import save_recipe, write_photos


def preview(folder: Path, *more: str) -> int:
    arguments = ["--recipe", str(save_recipe(folder / "r.yaml")), "--input", str(folder / "in")]
    return main(["preview", *arguments, "--output", str(folder / "page.html"), *more])


def test_each_sample_shows_every_export_and_variant(tmp_path: Path) -> None:
    write_photos(tmp_path / "in", 5)
    assert preview(tmp_path, "--samples", "2") == 0
    page = (tmp_path / "page.html").read_text()
    assert page.count('class="strip"') == 2
    for name in ("resize", "varied 0", "varied 1", "varied 2", "noisy"):
        assert page.count(f"<b>{name}</b>") == 2


def test_the_preview_shows_what_a_run_of_that_seed_draws(tmp_path: Path) -> None:
    write_photos(tmp_path / "in", 3)
    preview(tmp_path, "--seed", "1")
    one = (tmp_path / "page.html").read_text()
    preview(tmp_path, "--seed", "2")
    assert (tmp_path / "page.html").read_text() != one
    preview(tmp_path, "--seed", "1")
    assert (tmp_path / "page.html").read_text() == one


def test_unreadable_files_are_passed_over(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write_photos(tmp_path / "in", 2)
    (tmp_path / "in/notes.txt").write_text("x")
    assert preview(tmp_path) == 0
    assert "2 images shown" in capsys.readouterr().err


def test_a_folder_without_images_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in/notes.txt").write_text("x")
    assert preview(tmp_path) == 2
    assert "no image could be read. notes.txt: not an image" in capsys.readouterr().err
