"""`tune` from a folder to its three files, with a small embedding: what it recommends, and when it recommends none."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from augmentation.__main__ import main
from augmentation.tune import copies
from augmentation.tune import tune as tuning
from augmentation.tune.candidates import candidates
from augmentation.tune.judge import OUTER, Judge
from augmentation.tune.result import summary
from augmentation.tune.result import write as write_result
from domain.recipe import Output
from domain.recipe.yaml_reader import read_recipe
from learning.compare import Judged
from tests.support.builders.photos import textured

SIDE = 16


@dataclass(frozen=True)
class Thumbnails:
    """An embedding of 16 x 16 pixels: what is left and what is right matters to it."""

    side: int = SIDE
    digest: str = "thumbnails"

    def embed(self, pictures: list[np.ndarray]) -> np.ndarray:
        rows = np.stack([picture[::2, ::2].astype(np.float32).ravel() / 255 - 0.5 for picture in pictures])
        return rows / np.linalg.norm(rows, axis=1, keepdims=True)


def write(folder: Path, count: int) -> None:
    """Two classes: a square that is hardly brighter at the top or at the bottom."""
    rng = np.random.default_rng(4)
    for number in range(count):
        label = "top" if number % 2 else "bottom"
        picture = rng.normal(110, 30, (32, 32, 3))
        y, x = (2 if label == "top" else 20), (2 if rng.random() < 0.5 else 20)
        picture[y : y + 10, x : x + 10] += 12
        path = folder / label / f"{number}.png"
        path.parent.mkdir(parents=True, exist_ok=True)
        Image.fromarray(picture.clip(0, 255).astype(np.uint8)).save(path)


def recipes(folder: Path) -> Path:
    folder.mkdir()
    (folder / "dark.yaml").write_text(
        "name: dark\nsteps:\n  - export: plain\n  - branch: b\n    variants: 2\n    steps:\n"
        "      - {op: exposure, factor: [0.02, 0.05]}\n      - export: varied\n"
    )
    return folder


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.setattr(tuning, "model_of", lambda _: Thumbnails())
    some = {"none", "mixup", "dark"}
    every = tuning.candidates
    monkeypatch.setattr(
        tuning, "candidates", lambda own, folder: ([one for one in every(own, folder)[0] if one.name in some], {})
    )

    def do(output: str = "out", **more: Any) -> dict[str, Any]:
        there = tmp_path / "recipes"
        given = {"recipes": there if there.exists() else recipes(there), "seeds": 2, "processes": 2, **more}
        return tuning.tune(tuning.TuneOptions(input=tmp_path / "in", output=tmp_path / output, **given))

    return do


def test_the_same_seed_gives_the_same_files_with_any_number_of_processes(tmp_path: Path, run: Any) -> None:
    write(tmp_path / "in", 24)
    found = run("a")
    run("b", processes=1)
    for name in ("recipe.yaml", "tune.json", "index.html"):
        assert (tmp_path / "a" / name).read_bytes() == (tmp_path / "b" / name).read_bytes()
    assert run("c", seed=5)["recipes"] != found["recipes"]


def test_all_is_told_and_the_recipe_can_be_run(tmp_path: Path, run: Any) -> None:
    write(tmp_path / "in", 24)
    found = run()
    told = json.loads((tmp_path / "out/tune.json").read_text())
    assert told == found
    assert (told["images"], told["classes"], told["seeds"]) == (24, {"bottom": 12, "top": 12}, 2)
    by_name = {one["name"]: one for one in told["recipes"]}
    assert by_name.keys() == {"none", "mixup", "dark"}
    assert by_name["none"]["gain"] == {"mean": 0, "low": 0, "high": 0}
    for one in told["recipes"]:
        assert one["gain"]["mean"] == pytest.approx(one["score"] - by_name["none"]["score"], abs=2e-6)
        assert one["gain"]["low"] <= one["gain"]["mean"] <= one["gain"]["high"]
    assert sum(one["chosen"] for one in told["recipes"]) == 10
    assert told["helps"] == (told["gain"]["low"] > 0 and told["recommended"] != "none")
    text = (tmp_path / "out/recipe.yaml").read_text()
    assert read_recipe(text, "recipe.yaml").name == told["recommended"]
    assert text.startswith("# ")


def judged(*gains: float) -> list[list[Judged]]:
    """Two seeds of five folds, in which `none` finds a half, the others so much more; the last one is chosen."""
    rng = np.random.default_rng(1)
    noise = rng.normal(0, 0.01, (2, OUTER, len(gains))).tolist()
    scores = [
        [tuple(0.5 + more + some for more, some in zip(gains, fold, strict=True)) for fold in seed] for seed in noise
    ]
    return [[Judged(len(gains) - 1, fold[-1], fold) for fold in seed] for seed in scores]


@pytest.mark.parametrize("gain", [0.2, -0.2])
def test_what_wins_is_recommended_and_written_and_what_loses_is_not(tmp_path: Path, gain: float) -> None:
    tried = {one.name: one for one in candidates(None)[0]}
    some = [tried[name] for name in ("none", "mixup", "cutmix")]
    asked = {"images": 24, "classes": {"a": 12, "b": 12}, "seeds_asked": 2, "copies": 4, "classes_left_out": {}}
    found = summary(some, judged(0, 0.1, gain), {**asked, "seed": 0, "left_out": {}, "copies_failed": {"mixup": 3}})
    write_result(tmp_path, found, some)
    text, page = (tmp_path / "recipe.yaml").read_text(), (tmp_path / "index.html").read_text()
    assert json.loads((tmp_path / "tune.json").read_text()) == found
    assert found["gain"]["mean"] == pytest.approx(gain, abs=0.02)
    assert found["helps"] == (gain > 0)
    assert found["recommended"] == read_recipe(text, "recipe.yaml").name == ("cutmix" if gain > 0 else "none")
    assert text.startswith("# Recommended by tune: " if gain > 0 else "# tune recommends none: ")
    assert ("No recipe helps" in page) == (gain < 0)
    assert "no copy could be made of 3 of 24 images" in page


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"seed": -1}, r"--seed -1: give a number from 0 to 4294967294"),
        ({"seed": 2**32 - 1}, r"--seed 4294967295: give a number from 0 to 4294967294"),
        ({"seeds": 1}, r"--seeds 1: .* give 2 at least"),
    ],
)
def test_seeds_that_cannot_be_used_are_told_before_anything_is_made(
    tmp_path: Path, run: Any, given: dict[str, int], said: str
) -> None:
    """There is not even an input."""
    with pytest.raises(tuning.UsageError, match=said):
        run(**given)


def test_copies_that_fail_are_told(tmp_path: Path, run: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of one candidate all, of another one some."""
    write(tmp_path / "in", 24)
    real = copies.Execution

    def execution(seed: int, source: str, wanted: list[Output], partner: Any) -> Any:
        names = {output.chain.export.export for output in wanted} - {"plain"}
        mixed = any(output.chain.mixed for output in wanted)
        if names and (not mixed or source in ("top/1.png", "top/3.png")):
            raise ValueError("no memory left")
        return real(seed, source, wanted, partner)

    monkeypatch.setattr(copies, "Execution", execution)
    found = run(processes=1)
    assert found["left_out"] == {"dark": "no copy could be made: no memory left"}
    assert found["copies_failed"] == {"mixup": 2}
    assert {one["name"] for one in found["recipes"]} == {"none", "mixup"}


def test_a_process_that_dies_is_told_in_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("augmentation.tune.judge.in_processes", lambda *_: iter(["the process died while it judged"]))
    nobody: Any = None
    with pytest.raises(tuning.UsageError, match="the process died while it judged"):
        next(Judge(nobody, [], 0).seeds(2, 1, float("inf"), lambda _: None))


def test_where_no_class_can_be_told_none_is_recommended(tmp_path: Path, run: Any) -> None:
    for number in range(24):
        path = tmp_path / "in" / ("a" if number % 2 else "b") / f"{number}.png"
        path.parent.mkdir(parents=True, exist_ok=True)
        noise = np.random.default_rng(number).integers(0, 255, (32, 32, 3), np.uint8)
        Image.fromarray(noise).save(path)
    found = run(seeds=3)
    assert (found["recommended"], found["helps"]) == ("none", False)
    assert "branch" not in (tmp_path / "out/recipe.yaml").read_text()
    assert "No recipe helps" in (tmp_path / "out/index.html").read_text()


def test_few_images_or_one_class_are_told_and_nothing_is_written(tmp_path: Path, run: Any) -> None:
    write(tmp_path / "in", 18)
    with pytest.raises(tuning.UsageError, match=r"two classes of at least 10 images .* there are: bottom 9, top 9"):
        run()
    assert not (tmp_path / "out").exists()


def test_near_duplicates_count_once_and_rare_classes_are_left_out(tmp_path: Path, run: Any) -> None:
    write(tmp_path / "in", 24)
    for number in range(12):
        path = tmp_path / "in/rare" / f"{number}.png"
        path.parent.mkdir(parents=True, exist_ok=True)
        textured(9).save(path, "PNG", compress_level=number % 9)
    found = run()
    assert found["classes_left_out"] == {"rare": 12}
    assert found["images"] == 24


def test_an_image_that_cannot_be_read_is_left_out(tmp_path: Path, run: Any) -> None:
    write(tmp_path / "in", 24)
    (tmp_path / "in/top/1.png").write_bytes(b"no picture")
    assert run()["images"] == 23


def test_an_earlier_result_is_not_overwritten(tmp_path: Path, run: Any) -> None:
    write(tmp_path / "in", 24)
    (tmp_path / "out").mkdir()
    (tmp_path / "out/recipe.yaml").write_text("mine")
    with pytest.raises(tuning.UsageError, match=r"holds recipe\.yaml already"):
        run()
    assert (tmp_path / "out/recipe.yaml").read_text() == "mine"


def test_too_little_time_is_told(tmp_path: Path, run: Any) -> None:
    write(tmp_path / "in", 24)
    with pytest.raises(tuning.UsageError, match="no recipe was tried by then"):
        run(minutes=0.0001)
    assert not (tmp_path / "out").exists()


def test_without_its_packages_tune_says_what_is_missing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("augmentation.embedding.packages.find_spec", lambda _: None)
    write(tmp_path / "in", 24)
    assert main(["tune", "--input", str(tmp_path / "in"), "--output", str(tmp_path / "out")]) == 2
    assert "tune needs onnxruntime and onnx and scikit-learn" in capsys.readouterr().err
