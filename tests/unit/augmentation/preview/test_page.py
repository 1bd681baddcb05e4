"""The preview shows the image after each step as a run draws it, and passes over what cannot be read."""

from __future__ import annotations

import json
import re
from collections import Counter
from pathlib import Path

import numpy as np
import pytest

from augmentation.__main__ import main
from augmentation.image.frame import Frame
from augmentation.image.medium import thumbnail
from augmentation.medium import medium_of
from augmentation.preview.trace import SIDE, Trace
from domain.recipe import Recipe
from domain.report.contact_sheet import describe
from domain.report.preview_page import Sample, Way
from tests.support.builders.photos import any_bgrx, save_recipe, write_photos


def preview(folder: Path, *more: str) -> int:
    arguments = ["--recipe", str(save_recipe(folder / "r.yaml")), "--input", str(folder / "in")]
    return main(["preview", *arguments, "--output", str(folder / "page.html"), *more])


def traced(*steps: object, seed: int = 1) -> Sample:
    recipe = Recipe.from_mapping({"name": "any", "steps": [{"export": "plain"}, *steps]})
    return Trace(recipe, medium_of(recipe), seed, "a.jpg").sample(Frame.whole(any_bgrx()))


def ways_of(sample: Sample) -> dict[str, Way]:
    return {way.title: way for way in sample.ways}


def branch_of(*steps: object, **fields: object) -> dict[str, object]:
    return {"branch": "varied", "variants": 3, **fields, "steps": [*steps, {"export": "varied"}]}


TURN = {"op": "rotate", "degrees": [-20, 20]}
LIGHT = {"op": "brightness_contrast", "brightness": [-0.2, 0.2]}
NOISE = {"op": "gaussian_noise", "severity": 2}


def test_each_sample_has_the_trunk_its_branches_and_its_ladder(tmp_path: Path) -> None:
    write_photos(tmp_path / "in", 5)
    assert preview(tmp_path, "--samples", "2") == 0
    page = (tmp_path / "page.html").read_text()
    for once in ('class="sample"', "<h3>Trunk<", "<h3>Branch varied<", "<h3>Gaussian noise by severity<", "no. 2<"):
        assert page.count(once) == 2


def test_the_page_needs_nothing_from_elsewhere(tmp_path: Path) -> None:
    write_photos(tmp_path / "in", 1)
    preview(tmp_path)
    page = (tmp_path / "page.html").read_text()
    assert set(re.findall(r'(?:src|href)="([^:"]*)', page)) == {"data"}
    assert "url(" not in page


def test_the_values_shown_are_those_of_a_run_with_the_same_seed(tmp_path: Path) -> None:
    write_photos(tmp_path / "in", 4)
    preview(tmp_path, "--seed", "5", "--samples", "4")
    page = (tmp_path / "page.html").read_text()
    common = ["--recipe", str(tmp_path / "r.yaml"), "--input", str(tmp_path / "in")]
    assert main(["run", *common, "--loose-class", "any", "--output", str(tmp_path / "out"), "--seed", "5"]) == 0
    rows = [json.loads(line) for line in (tmp_path / "out/manifest.jsonl").read_text().splitlines()]
    drawn = {describe(step) for row in rows for step in row["steps"] if step["op"] in ("rotate", "brightness_contrast")}
    assert len(drawn) > 10
    assert all(words in page for words in drawn)


def test_another_seed_shows_other_values_and_the_same_seed_the_same_page(tmp_path: Path) -> None:
    write_photos(tmp_path / "in", 3)
    pages = []
    for seed in ("1", "2", "1"):
        preview(tmp_path, "--seed", seed)
        pages.append((tmp_path / "page.html").read_text())
    assert pages[0] == pages[2] != pages[1]


def test_a_branch_has_a_column_for_each_step_and_a_row_for_each_variant() -> None:
    way = ways_of(traced(branch_of(TURN, LIGHT)))["Branch varied"]
    assert [head for head, _ in way.heads] == ["rotate", "brightness contrast"]
    assert [(name, len(cells)) for name, cells in way.rows] == [("no. 0", 2), ("no. 1", 2), ("no. 2", 2)]
    assert way.heads[0][1] == "degrees −20 to 20"
    assert all(cells[-1].exports == ("varied",) for _, cells in way.rows)


def test_a_step_that_is_not_drawn_leaves_its_field_empty_unless_a_file_is_written_there() -> None:
    seldom = {**LIGHT, "probability": 0.001}
    way = ways_of(traced(branch_of(seldom, TURN, seldom)))["Branch varied"]
    for _, cells in way.rows:
        assert cells[0].thumbnail == ""
        assert cells[2].words == "not drawn, as before"
        assert cells[2].thumbnail == cells[1].thumbnail != ""


def test_the_ladder_shows_five_severities_and_marks_the_recipes_own() -> None:
    way = ways_of(traced(branch_of(NOISE)))["Gaussian noise by severity"]
    ((_, cells),) = way.rows
    assert [cell.chosen for cell in cells] == [False, True, False, False, False]
    assert len({cell.thumbnail for cell in cells}) == 5
    assert way.note == "the recipe takes 2"


def test_the_ladder_changes_nothing_of_what_is_drawn_after_it() -> None:
    one, two = (ways_of(traced(branch_of(step, TURN)))["Branch varied"] for step in (NOISE, {**NOISE, "severity": 5}))
    assert [cells[-1].words for _, cells in one.rows] == [cells[-1].words for _, cells in two.rows]


def test_a_branch_in_a_branch_goes_on_from_the_first_variant_shown() -> None:
    inner = {"branch": "inner", "variants": 2, "steps": [LIGHT, {"export": "inner"}]}
    ways = ways_of(traced(branch_of(TURN, inner)))
    assert [name for name, _ in ways["Branch inner"].rows] == ["no. 0", "no. 1"]


def test_an_export_before_any_step_shows_the_image_as_it_comes() -> None:
    sample = traced({"branch": "b", "steps": [{"export": "early"}, {"op": "grayscale"}, {"export": "late"}]})
    ((_, cells),) = ways_of(sample)["Branch b"].rows
    assert [cell.exports for cell in cells] == [("early",), ("late",)]
    assert cells[0].thumbnail == thumbnail(np.ascontiguousarray(any_bgrx()), SIDE)


def test_a_branch_that_this_image_does_not_enter_says_so() -> None:
    way = ways_of(traced(branch_of(TURN, probability=0.001)))["Branch varied"]
    assert way.rows == ()
    assert way.note == "3 variants, each with probability 0.001; 0 shown"


def test_a_choice_names_its_ways_and_the_one_drawn() -> None:
    way = ways_of(traced(branch_of({"one_of": [{"steps": [TURN, LIGHT]}, {"steps": []}]}, variants=4)))["Branch varied"]
    assert way.heads == (("one of", "rotate + brightness contrast, or nothing"),)
    assert set(Counter(cells[0].words.split(",")[0] for _, cells in way.rows)) <= {"way\u00a01", "way\u00a02"}


def test_unreadable_files_are_passed_over(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write_photos(tmp_path / "in", 2)
    (tmp_path / "in/notes.txt").write_text("x")
    assert preview(tmp_path) == 0
    assert "2 images shown" in capsys.readouterr().err


def test_a_folder_without_images_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in/notes.txt").write_text("x")
    assert preview(tmp_path) == 2
    assert "no file could be read. notes.txt: not an image" in capsys.readouterr().err
