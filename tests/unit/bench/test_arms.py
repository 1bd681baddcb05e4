"""The arms of the accuracy benchmark: which images train, and which copies the embedding sees."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import numpy as np
import pytest

from bench import arms
from bench.arms import Faces, Made, best, joined, peers, some_copies, summarize
from bench.photos import drawn, training_recipe
from domain.recipe.yaml_reader import read_recipe


def test_the_embedding_sees_as_many_copies_of_each_class_and_of_as_many_images_as_it_can() -> None:
    sources = [("a", f"a{image}", 3) for image in range(8)] + [("b", f"b{image}", 12) for image in range(2)]
    copies = [Made(Path(f"{of}-{number}"), label, of) for label, of, times in sources for number in range(times)]
    some = some_copies(copies, images=10)
    assert Counter(copy.label for copy in some) == {"a": 10, "b": 10}
    assert len({copy.of for copy in some if copy.label == "a"}) == 8
    assert Counter(copy.of for copy in some if copy.label == "b") == {"b0": 5, "b1": 5}


def test_each_seed_draws_who_trains_and_who_tests_with_classes_in_proportion() -> None:
    names = [f"{label}/{number}.jpg" for label, count in (("a", 300), ("b", 100)) for number in range(count)]
    train, validation, test = drawn(names, 100, seed=3)
    assert len(train) == 100
    assert len({*train, *validation, *test}) == len(train) + len(validation) + len(test) == 400
    for some in (train, validation, test):
        assert sum(name.startswith("a/") for name in some) / len(some) == pytest.approx(0.75, abs=0.04)
    assert drawn(names, 100, seed=3) == (train, validation, test)
    assert set(drawn(names, 100, seed=4)[2]) != set(test)


def test_the_photos_recipe_is_one_and_trains_on_all_that_it_is_given() -> None:
    recipe = read_recipe(training_recipe(), "r.yaml")
    assert (recipe.splits.train, recipe.balanced_branch is not None) == (1, True)


def test_without_albumentations_its_arm_is_left_out_and_that_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(arms, "PEER", tmp_path / "none")
    assert peers([], [], tmp_path / "out", 1) is None
    assert "albumentations is left out" in capsys.readouterr().err


def test_several_classes_are_told_apart_and_strengths_are_chosen_on_validation() -> None:
    rng = np.random.default_rng(1)
    y = np.array(list("abc") * 60)
    x = rng.normal(size=(180, 4)) + 4 * np.eye(4)[[ord(label) - 97 for label in y]]
    model = best(Faces(x[:90], y[:90]), Faces(x[90:], y[90:]), balanced=False)
    assert arms.balanced_accuracy(model, Faces(x[90:], y[90:])) > 0.9
    assert len(joined(Faces(x[:9], y[:9]), Faces(x[:1], y[:1])).y) == 10


def test_the_embeddings_arms_are_paired_with_one_another() -> None:
    names = ("plain", "augmented", "embedding, plain", "embedding, augmented")
    results = [{arm: {"m": 0.1 * place + 0.01 * (seed % 2)} for place, arm in enumerate(names)} for seed in range(10)]
    found = summarize(results)["m"]
    assert found["embedding, augmented minus"].keys() == {"embedding, plain"}
    assert found["embedding, augmented minus"]["embedding, plain"]["mean"] == pytest.approx(0.1)
    assert found["augmented minus"]["embedding, plain"]["mean"] == pytest.approx(-0.1)
