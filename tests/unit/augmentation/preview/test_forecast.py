"""`plan` says before a run how many files come out, exactly, and how many bytes, nearly."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import pytest

from augmentation.__main__ import main
from augmentation.errors import UsageError
from augmentation.input.preparation import Options
from augmentation.preview.forecast import Forecast, Line, as_table, forecast, human
from tests.support.builders.photos import SMALL_RECIPE, save_labels, save_recipe, tree, write_photos


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    save_labels(tmp_path / "labels.jsonl", write_photos(tmp_path / "in", 16))
    save_recipe(tmp_path / "r.yaml")
    return tmp_path


def options(folder: Path, recipe: Path | None = None, seed: int = 7) -> Options:
    labels = folder / "labels.jsonl"
    return Options(recipe=recipe or folder / "r.yaml", input=folder / "in", labels=labels, seed=seed)


def common(folder: Path) -> list[str]:
    given = {"--recipe": "r.yaml", "--input": "in", "--labels": "labels.jsonl"}
    return [word for name, value in given.items() for word in (name, str(folder / value))]


def made_by_run(folder: Path) -> tuple[Counter[tuple[str, str]], int]:
    """Files by split and class, and the bytes of all."""
    assert main(["run", *common(folder), "--output", str(folder / "out"), "--seed", "7"]) == 0
    files = {name: data for name, data in tree(folder / "out").items() if name.startswith("data/")}
    return Counter((name.split("/")[1], name.split("/")[2]) for name in files), sum(map(len, files.values()))


def test_the_plan_counts_what_the_run_makes(folder: Path) -> None:
    found = forecast(options(folder))
    planned: Counter[tuple[str, str]] = Counter()
    for line in found.lines:
        planned[line.split, line.label] += line.files
    made, size = made_by_run(folder)
    assert planned == made
    assert found.size == pytest.approx(size, rel=0.1)


def test_the_same_arguments_give_the_same_estimate(folder: Path) -> None:
    one, two = (forecast(options(folder)) for _ in range(2))
    assert one == two


def test_the_command_prints_a_table_and_writes_nothing(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = tree(folder)
    assert main(["plan", *common(folder)]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].split() == ["split", "class", "export", "images", "files", "bytes"]
    assert lines[2].split()[:4] == ["train", "open", "resize", "2"]
    assert lines[-3].startswith("total")
    assert lines[-1] == "Files are counted; bytes are estimated from 7 images."
    assert len({len(line) for line in lines[:-2]}) == 1
    assert tree(folder) == before


def test_unreadable_and_unlabeled_files_do_not_stop_the_plan(tmp_path: Path) -> None:
    rows = write_photos(tmp_path / "in", 12, small_class=4)
    for row in rows[:3]:
        (tmp_path / "in" / row.source).write_bytes(b"no image")
    (tmp_path / "in/notes.txt").write_text("x")
    save_labels(tmp_path / "labels.jsonl", rows)
    found = forecast(options(tmp_path, save_recipe(tmp_path / "r.yaml"), seed=1))
    assert found.left_out == 4
    assert "4 files have no usable label or cannot be read" in as_table(found)
    assert sum(line.images for line in found.lines if line.export == "resize") == 9


def test_a_plan_counts_what_the_run_makes_though_files_are_damaged_and_alike(tmp_path: Path) -> None:
    rows = write_photos(tmp_path / "in", 20, small_class=6)
    first, second, third, *_ = rows
    (tmp_path / "in" / first.source).write_bytes((tmp_path / "in" / second.source).read_bytes())
    (tmp_path / "in" / third.source).write_bytes(b"no image")
    save_labels(tmp_path / "labels.jsonl", rows)
    found = forecast(options(tmp_path, save_recipe(tmp_path / "r.yaml"), seed=3))
    words = ["--recipe", f"{tmp_path}/r.yaml", "--input", f"{tmp_path}/in", "--labels", f"{tmp_path}/labels.jsonl"]
    assert main(["run", *words, "--output", f"{tmp_path}/out", "--seed", "3"]) == 0
    made = json.loads((tmp_path / "out/dataset.json").read_text())
    assert found.files == made["outputs"]
    assert len({found["training_outputs"] for found in made["classes"].values()}) == 1


def test_sizes_are_unknown_where_nothing_could_be_tried() -> None:
    table = as_table(Forecast((Line("train", "open", "resize", 2, 2, None),), tried=0, left_out=1))
    assert "?" in table
    assert "1 file has no usable label" in table


def test_an_empty_folder_plans_nothing(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    options = Options(recipe=save_recipe(tmp_path / "r.yaml", SMALL_RECIPE), input=tmp_path / "in", seed=1)
    with pytest.raises(UsageError, match="nothing would be made: it holds no file"):
        forecast(options)
    (tmp_path / "in/notes.txt").touch()
    with pytest.raises(UsageError, match="nothing would be made: none of its files has a usable label"):
        forecast(options)


def test_a_wrong_recipe_is_refused_with_its_line(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    save_recipe(folder / "r.yaml", SMALL_RECIPE.replace("variants: 3", "variants: 0"))
    assert main(["plan", *common(folder)]) == 2
    assert "r.yaml:8:5: steps[2].variants: input should be greater" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("size", "said"), [(0, "0 B"), (999, "999 B"), (1000, "1.0 kB"), (123456, "123 kB"), (4_120_000, "4.1 MB")]
)
def test_bytes_are_written_in_units_of_a_thousand(size: int, said: str) -> None:
    assert human(size) == said
