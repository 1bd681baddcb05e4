"""What the demo accepts and what it refuses, before anything is started."""

from __future__ import annotations

import re
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

import pytest

from scripts.demo.__main__ import check_case
from scripts.demo.folders import given_folder, new_folder, point_to
from scripts.demo.job import DEFAULT_RECIPE, DemoError, answers_for, drawn_job, own_job, parse_labels


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
    assert answers_for(file, images)["a.jpg"] == "x"


def test_an_image_without_an_answer_is_named(images: Path) -> None:
    answers = answers_file(images, "file,label", "a.jpg,yes")
    with pytest.raises(DemoError, match=r"1 of 2 images.*sub/b c.PNG.*HUMAN=1"):
        own_job(images, answers, "yes,no", None, DEFAULT_RECIPE, human=False)


def test_an_answer_outside_of_the_labels_is_named(images: Path) -> None:
    answers = answers_file(images, "file,label", "a.jpg,yes", "sub/b c.PNG,perhaps")
    with pytest.raises(DemoError, match="perhaps"):
        own_job(images, answers, "yes,no", None, DEFAULT_RECIPE, human=False)


def test_wrong_columns_are_named(images: Path) -> None:
    with pytest.raises(DemoError, match=r"answers\.csv, line 1: there is no column file nor label"):
        answers_for(answers_file(images, "name,class", "a.jpg,yes"), images)


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


def test_more_faces_have_as_large_a_part_of_open_mouths(tmp_path: Path) -> None:
    job = drawn_job(tmp_path, DEFAULT_RECIPE, human=False, count=40)
    assert sorted(Counter((job.answers or {}).values()).values()) == [8, 32]


def test_rounds_are_for_images(tmp_path: Path) -> None:
    with pytest.raises(DemoError, match="CASE=audio with ASSIST=1"):
        check_case("audio", rounds=True)


def test_class_folders_are_answers_too(images: Path) -> None:
    (images / "a.jpg").rename(images / "sub" / "a.jpg")
    (images / "other").mkdir()
    (images / "other" / "d.jpg").write_bytes(b"x")
    (images / ".hidden").mkdir()
    (images / ".hidden" / "e.jpg").write_bytes(b"x")
    job = own_job(images, None, None, None, DEFAULT_RECIPE, human=False)
    assert job.answers == {"other/d.jpg": "other", "sub/a.jpg": "sub", "sub/b c.PNG": "sub"}
    assert job.labels == ("other", "sub")


def test_a_name_that_a_mac_wrote_in_pieces_is_found(images: Path) -> None:
    (images / "a.jpg").rename(images / "cafe\u0301.jpg")
    answers = answers_file(images, "file,label", "caf\u00e9.jpg,cafe\u0301", "sub/b c.PNG,no")
    assert answers_for(answers, images) == {"cafe\u0301.jpg": "caf\u00e9", "sub/b c.PNG": "no"}


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        (["file,label", "a.jpg,yes", "a.jpg,no"], "line 3: a.jpg is 'no' here and 'yes' above"),
        (["file,label", "a.jpg"], "line 2: the label is missing"),
        (["file,label", ",yes"], "line 2: the file is missing"),
    ],
)
def test_a_table_that_contradicts_itself_is_refused(images: Path, lines: list[str], said: str) -> None:
    with pytest.raises(DemoError, match=re.escape(said)):
        answers_for(answers_file(images, *lines), images)


def test_a_table_that_is_not_utf8_is_refused(images: Path) -> None:
    file = images.parent / "answers.csv"
    file.write_bytes("file,label\na.jpg,caf\u00e9\n".encode("latin-1"))
    with pytest.raises(DemoError, match=r"is not UTF-8\. Save it as UTF-8 text"):
        answers_for(file, images)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("name: [", r"bad\.yaml:1:8: not valid YAML"),
        ("name: a\nsteps: [{export: x}, {op: gain, db: [1, 2]}]", r"bad\.yaml:2:22: this is a recipe for sound"),
        ("name: a\nclasses: {ye: {}}\nsteps: [{export: x}]", r"bad\.yaml:2:11: .*did you mean 'yes'"),
    ],
)
def test_a_recipe_that_the_workflow_would_refuse_is_refused_at_once(images: Path, text: str, said: str) -> None:
    recipe = images.parent / "bad.yaml"
    recipe.write_text(text)
    answers = answers_file(images, "file,label", "a.jpg,yes", "sub/b c.PNG,no")
    with pytest.raises(DemoError, match=said):
        own_job(images, answers, None, None, recipe, human=False)
    with pytest.raises(DemoError, match=r"bad\.yaml:\d+:\d+: "):
        drawn_job(images.parent / "drawn", recipe, human=False)
    assert not (images.parent / "drawn").exists()


def test_each_run_has_a_folder_of_its_own(tmp_path: Path) -> None:
    now = datetime(2026, 11, 27, 16, 5, 9, tzinfo=UTC)
    first = new_folder(tmp_path, "faces", now)
    assert first.name == "2026-11-27-160509-faces"
    first.mkdir()
    assert new_folder(tmp_path, "faces", now).name == "2026-11-27-160509-faces-2"


def test_a_folder_that_holds_something_is_not_overwritten(tmp_path: Path) -> None:
    assert given_folder(tmp_path / "new") == tmp_path / "new"
    (tmp_path / "labels.jsonl").touch()
    with pytest.raises(DemoError, match="nothing in it is overwritten"):
        given_folder(tmp_path)


def test_latest_points_to_the_newest_run(tmp_path: Path) -> None:
    for name in ("first", "second"):
        (tmp_path / name).mkdir()
        point_to(tmp_path / "latest", tmp_path / name)
    assert (tmp_path / "latest").resolve() == tmp_path / "second"
    (tmp_path / "mine").mkdir()
    point_to(tmp_path / "mine", tmp_path / "first")
    assert not (tmp_path / "mine").is_symlink()
