"""The demo's faces: the same for the same seed, with right answers and names that test the pipeline."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from PIL import Image

from scripts.draw_faces import CLOSED_LABEL, OPEN_LABEL, draw_faces, file_name


def answers_of(path: Path) -> dict[str, str]:
    with path.open(newline="", encoding="utf-8") as stream:
        return {row["file"]: row["label"] for row in csv.DictReader(stream)}


def test_each_face_has_an_answer_and_the_asked_number_of_open_mouths(tmp_path: Path) -> None:
    paths = draw_faces(tmp_path / "faces", tmp_path / "answers.csv", count=6, open_mouths=2)
    answers = answers_of(tmp_path / "answers.csv")
    assert [path.name for path in paths] == list(answers)
    assert sorted(path.name for path in (tmp_path / "faces").iterdir()) == sorted(answers)
    assert sorted(answers.values()) == [CLOSED_LABEL] * 4 + [OPEN_LABEL] * 2
    for path in paths:
        with Image.open(path) as image:
            assert (image.format, image.size, image.mode) == ("JPEG", (512, 512), "RGB")


def test_the_same_seed_draws_the_same_bytes_and_another_other_ones(tmp_path: Path) -> None:
    one, again, other = (
        [
            path.read_bytes()
            for path in draw_faces(tmp_path / name, tmp_path / f"{name}.csv", count=2, open_mouths=1, seed=seed)
        ]
        for name, seed in (("one", 1), ("again", 1), ("other", 2))
    )
    assert one == again
    assert not set(one) & set(other)


def test_the_default_names_hold_a_space_a_quote_an_accent_and_an_upper_case_extension() -> None:
    names = [file_name(index) for index in range(1, 34)]
    assert len(set(names)) == 33
    together = "".join(names)
    assert all(part in together for part in (" ", "'", '"', "ë", ".JPG", ".jpeg"))


def test_more_open_mouths_than_faces_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="open_mouths is 5, but must lie between 0 and count"):
        draw_faces(tmp_path, tmp_path / "a.csv", count=4, open_mouths=5)
