"""The classifier learns what can be learned, and the differences are those of equal seeds."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import yaml
from PIL import Image, ImageDraw

from bench.accuracy import OPEN_SHARE, accuracy, training_recipe
from bench.arms import Faces, balanced_accuracy, paired, summarize
from bench.classifier import features, logistic


def saved(path: Path, angle: int, light: int = 200) -> Path:
    picture = Image.new("RGB", (128, 128), (30, 30, 30))
    ImageDraw.Draw(picture).rectangle((20, 56, 108, 72), fill=(light, light, light))
    picture.rotate(angle).save(path)
    return path


def test_features_tell_directions_apart_and_not_light(tmp_path: Path) -> None:
    level, upright, dim = (
        features(saved(tmp_path / name, angle, light))
        for name, angle, light in (("a.png", 0, 200), ("b.png", 90, 200), ("c.png", 0, 120))
    )
    assert level.shape == (1764,)
    assert np.linalg.norm(level - dim) < 0.3 * np.linalg.norm(level - upright)


def test_the_regression_separates_what_is_separable() -> None:
    rng = np.random.default_rng(1)
    y = np.arange(200) % 4 == 0
    x = rng.normal(0, 1, (200, 5)) + 3 * y[:, None]
    model = logistic(x, y, 1e-3, balanced=False)
    assert (model.predict(x) == y).mean() > 0.97


def test_weighing_the_classes_alike_finds_more_of_the_rare_one() -> None:
    rng = np.random.default_rng(2)
    y = np.arange(400) % 10 == 0
    x = rng.normal(0, 1, (400, 2)) + 1.0 * y[:, None]
    plain, weighed = (logistic(x, y, 1e-3, balanced=balanced).predict(x)[y].mean() for balanced in (False, True))
    assert weighed > plain + 0.3


class AlwaysShut:
    def predict(self, x: np.ndarray) -> np.ndarray:
        return np.zeros(len(x), bool)


def test_one_answer_for_all_is_half_right_when_classes_count_alike_and_mostly_right_when_they_are_rare() -> None:
    faces = Faces(np.zeros((10, 1)), np.arange(10) < 5)
    assert balanced_accuracy(AlwaysShut(), faces) == 0.5  # type: ignore[arg-type]
    assert accuracy(AlwaysShut(), faces) == pytest.approx(1 - OPEN_SHARE)  # type: ignore[arg-type]


def test_differences_are_taken_seed_by_seed() -> None:
    one = [0.5 + 0.01 * seed for seed in range(10)]
    other = [value - 0.1 - 0.01 * (seed % 2) for seed, value in enumerate(one)]
    found = paired(one, other)
    assert found["mean"] == pytest.approx(0.105)
    assert found["low"] == pytest.approx(
        0.105 - 2.2621572 * found["stdev"] / 10**0.5
    )  # Student's t of 9 degrees, 97.5 %
    assert (found["won"], found["lost"]) == (10, 0)


def test_the_summary_pairs_the_augmented_training_with_each_other_one() -> None:
    results = [{"plain": {"m": 0.5}, "weighed": {"m": 0.6}, "augmented": {"m": 0.7 + 0.01 * n}} for n in range(10)]
    found = summarize(results)["m"]
    assert found["augmented minus"]["plain"]["mean"] == pytest.approx(0.245)
    assert set(found["augmented minus"]) == {"plain", "weighed"}


def test_the_recipe_is_the_shipped_one_but_for_its_splits() -> None:
    recipe = yaml.safe_load(training_recipe())
    shipped = yaml.safe_load((Path(__file__).resolve().parents[3] / "recipes/lego-faces.yaml").read_text("utf-8"))
    assert recipe.pop("splits") == {"train": 1, "val": 0, "test": 0}
    shipped.pop("splits")
    assert recipe == shipped
