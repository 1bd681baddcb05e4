"""What the demo accepts and what it refuses, before anything is started."""

from __future__ import annotations

from pathlib import Path

import pytest

from scripts.demo.job import DEFAULT_RECIPE, DemoError, drawn_job, own_job, parse_labels, read_answers


@pytest.fixture
def images(tmp_path: Path) -> Path:
    folder = tmp_path / "My Photos"
    for name in ("a.jpg", "sub/b c.PNG", "notes.csv"):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(b"x")
    return folder


def answers_file(folder: Path, *lines: str) -> Path:
    file = folder.parent / "answers.csv"
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return file


def test_labels_come_from_the_answers_in_order_of_appearance(images: Path) -> None:
    answers = answers_file(images, "file,label", "a.jpg,yoda", "sub/b c.PNG,other")
    job = own_job(images, answers, None, None, DEFAULT_RECIPE, human=False)
    assert job.labels == ("yoda", "other")
    assert job.answers == {"a.jpg": "yoda", "sub/b c.PNG": "other"}
    assert job.dataset == "my-photos"


def test_every_file_is_uploaded_even_one_that_is_no_image(images: Path) -> None:
    answers = answers_file(images, "file,label", "a.jpg,yes", "sub/b c.PNG,no")
    job = own_job(images, answers, "yes,no", None, DEFAULT_RECIPE, human=False)
    assert [file.name for file in job.files] == ["a.jpg", "notes.csv", "b c.PNG"]


def test_a_byte_order_mark_of_a_spreadsheet_is_no_obstacle(images: Path) -> None:
    file = images.parent / "answers.csv"
    file.write_text("file,label\na.jpg,x\nsub/b c.PNG,y\n", encoding="utf-8-sig")
    assert read_answers(file, images)["a.jpg"] == "x"


def test_an_image_without_an_answer_is_named(images: Path) -> None:
    answers = answers_file(images, "file,label", "a.jpg,yes")
    with pytest.raises(DemoError, match=r"1 of 2 images.*sub/b c.PNG.*HUMAN=1"):
        own_job(images, answers, "yes,no", None, DEFAULT_RECIPE, human=False)


def test_an_answer_outside_of_the_labels_is_named(images: Path) -> None:
    answers = answers_file(images, "file,label", "a.jpg,yes", "sub/b c.PNG,perhaps")
    with pytest.raises(DemoError, match="perhaps"):
        own_job(images, answers, "yes,no", None, DEFAULT_RECIPE, human=False)


def test_wrong_columns_are_named(images: Path) -> None:
    with pytest.raises(DemoError, match=r"columns file,label, not \['name', 'class'\]"):
        read_answers(answers_file(images, "name,class", "a.jpg,yes"), images)


def test_without_answers_only_a_person_can_label(images: Path) -> None:
    with pytest.raises(DemoError, match=r"ANSWERS=.*HUMAN=1"):
        own_job(images, None, "a,b", None, DEFAULT_RECIPE, human=False)
    assert own_job(images, None, "a,b", None, DEFAULT_RECIPE, human=True).answers is None


def test_a_folder_without_images_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DemoError, match="holds no"):
        own_job(tmp_path, None, "a,b", None, DEFAULT_RECIPE, human=True)
    with pytest.raises(DemoError, match="is not a folder"):
        own_job(tmp_path / "missing", None, "a,b", None, DEFAULT_RECIPE, human=True)


@pytest.mark.parametrize("labels", ["only", "same, same", " , "])
def test_fewer_than_two_labels_are_refused(labels: str) -> None:
    with pytest.raises(DemoError, match="two labels"):
        parse_labels(labels, None)


def test_the_drawn_job_has_33_faces_of_which_7_are_open(tmp_path: Path) -> None:
    job = drawn_job(tmp_path, DEFAULT_RECIPE, human=False)
    assert len(job.files) == 33
    assert job.answers is not None
    assert sorted(job.answers.values()).count("mouth open") == 7
