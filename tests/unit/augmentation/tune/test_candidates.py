"""The recipes that `tune` tries."""

from __future__ import annotations

from pathlib import Path

import pytest

from augmentation.errors import UsageError
from augmentation.tune.candidates import SHIPPED, candidates
from domain.recipe.yaml_reader import read_recipe

MINE = "name: mine\nsplits: {group: {folder: 2}}\nsteps: [{op: resize, width: 8, height: 8}, {export: small}]\n"


def test_none_comes_first_and_all_shipped_recipes_for_images_are_tried() -> None:
    found, left_out = candidates(None)
    names = [one.name for one in found]
    assert names[:2] == ["none", "repeated"]
    assert names[2:] == sorted(names[2:])
    shipped = {"balance", "lego-faces", "lighting", "robustness", "trivial-augment"}
    assert shipped | {
        "mirrored",
        "repeated",
        "mixup",
        "cutmix",
        "rand-augment-5",
        "rand-augment-9",
        "rand-augment-15",
    } < set(names)
    assert not left_out
    assert all(one.recipe.splits.train == 1 for one in found)


def test_what_is_written_is_a_recipe_that_a_run_takes(tmp_path: Path) -> None:
    found, _ = candidates(None)
    for one in found:
        again = read_recipe(one.text, "recipe.yaml")
        assert again.steps == one.recipe.steps
        assert again.splits.train == 0.7
        assert again.evaluated_by


def test_a_recipe_of_ones_own_is_tried_too_and_wins_over_a_shipped_one_of_its_name(tmp_path: Path) -> None:
    (tmp_path / "mine.yaml").write_text(MINE)
    assert [one.name for one in candidates(tmp_path / "mine.yaml")[0]][:2] == ["none", "mine"]
    (tmp_path / "mine.yaml").write_text(MINE.replace("name: mine", "name: balance"))
    found = {one.name: one for one in candidates(tmp_path / "mine.yaml")[0]}
    assert "small" in found["balance"].text
    assert found["balance"].recipe.splits.group is None  # tune itself keeps groups together


def test_what_is_written_keeps_the_groups_and_the_merged_classes_of_ones_own_recipe(tmp_path: Path) -> None:
    """Whoever runs what is recommended gets the splits and the classes that it was judged with."""
    splits = "splits: {train: 0.6, val: 0.2, test: 0.2, group: {folder: 2}}"
    own = f"{MINE.replace('splits: {group: {folder: 2}}', splits)}classes:\n  pét: [cat, 'no']\n"
    (tmp_path / "mine.yaml").write_text(own, encoding="utf-8")
    (tmp_path / "odd").mkdir()
    shipped = "name: {}\nsplits:  # of ours\n  train: 1.0\n  val: 0\n  test: 0\n\n# steps\n"
    steps = "steps:\n  - export: plain\n  - branch: b\n    steps: [export: b]\n"
    (tmp_path / "odd/odd.yaml").write_text(f"{shipped.format('odd')}{steps}")
    (tmp_path / "odd/cats.yaml").write_text(
        f"{shipped.format('cats')}classes: {{cat: {{b: {{variants: 2}}}}}}\n{steps}"
    )
    for folder in (SHIPPED, tmp_path / "odd"):
        found, left_out = candidates(tmp_path / "mine.yaml", folder)
        for one in found:
            written = read_recipe(one.text, one.name)
            assert (written.splits.train, written.splits.group.folder, written.new_names) == (  # type: ignore[union-attr]
                0.6, 2, {"cat": "pét", "no": "pét"},
            )  # fmt: skip
            assert written.steps == one.recipe.steps
    assert "# steps\n" in {one.name: one.text for one in found}["odd"]
    assert "it is a part of 'pét'" in left_out["cats"]


@pytest.mark.parametrize(
    ("steps", "said"),
    [
        ("[{op: mono}, {export: x}]", "for images"),
        ('[{custom: "mine:step"}, {export: x}]', "custom steps"),
        ("[{op: flip, probability: 0.5}, {export: x}]", "no export before its first random step"),
    ],
)
def test_a_recipe_that_cannot_be_tried_is_refused_or_left_out(tmp_path: Path, steps: str, said: str) -> None:
    (tmp_path / "odd.yaml").write_text(f"name: odd\nsplits: {{train: 1, val: 0, test: 0}}\nsteps: {steps}\n")
    with pytest.raises(UsageError, match=said):
        candidates(tmp_path / "odd.yaml")
    found, left_out = candidates(None, tmp_path)
    assert "odd" not in {one.name for one in found}
    assert (said in left_out["odd.yaml"]) if said != "for images" else not left_out  # those for sound are not missed


def test_the_shipped_recipes_are_where_they_are_looked_for() -> None:
    assert (SHIPPED / "balance.yaml").is_file()
