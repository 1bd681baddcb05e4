"""Every fault of a recipe is named with file:line:column, by `validate`, `run` and `preview` alike."""

from __future__ import annotations

from pathlib import Path

import pytest

from augmentation.__main__ import main
from tests.support.builders.photos import LEGO_FACES, ROOT, save_labels, save_recipe, write_photos

GOOD = """\
name: any
splits: {train: 0.7, val: 0.15, test: 0.15}
steps:
  - {op: resize_crop, width: 24, height: 24}
  - export: plain
  - branch: varied
    variants: 3
    balance: 0.5
    steps:
      - op: rotate
        degrees: [-20, 20]
      - one_of:
          - steps: [{op: grayscale}]
          - weight: 2
            steps: []
      - export: varied
"""


def faults(folder: Path, text: str, capsys: pytest.CaptureFixture[str]) -> list[str]:
    """What `validate` says, without the folder's name."""
    path = save_recipe(folder / "r.yaml", text)
    code = main(["validate", "--recipe", str(path)])
    said = capsys.readouterr().err.replace(f"{folder}/", "").removeprefix("error: ").splitlines()
    assert code == (0 if said == ["r.yaml is a valid recipe; it exports plain, varied"] else 2)
    return said


def test_a_good_recipe_is_called_valid(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert faults(tmp_path, GOOD, capsys) == ["r.yaml is a valid recipe; it exports plain, varied"]


@pytest.mark.parametrize("path", sorted((ROOT / "recipes").glob("*.yaml")), ids=lambda path: path.name)
def test_shipped_recipes_are_valid(path: Path) -> None:
    assert main(["validate", "--recipe", str(path)]) == 0


@pytest.mark.parametrize(
    ("right", "wrong", "said"),
    [
        ("height: 24", "height: 24, widht: 3", "r.yaml:4:46: steps[0].widht: unknown key; did you mean 'width'?"),
        ("rotate\n", "rotat\n", "r.yaml:10:9: steps[2].steps[0]: unknown op 'rotat'; did you mean 'rotate'?"),
        ("[-20, 20]", "[20, -20]", "r.yaml:11:9: steps[2].steps[0].degrees: the range [20.0, -20.0] is upside down"),
        ("[-20, 20]", "[-20, 2000]", "r.yaml:11:24: steps[2].steps[0].degrees[1]: input should be less than or equal"),
        ("weight: 2", "wieght: 2", "r.yaml:14:13: steps[2].steps[1].one_of[1].wieght: unknown key; did you mean"),
        ("grayscale", "grascale", "r.yaml:13:21: steps[2].steps[1].one_of[0].steps[0]: unknown op 'grascale'"),
        ("balance: 0.5", "balance: 2", "r.yaml:8:5: steps[2].balance: input should be less than or equal to 1"),
        ("balance: 0.5", "balance: {a: 2}", "r.yaml:8:15: steps[2].balance.a: input should be less than or equal to 1"),
        ("train: 0.7", "train: 0.6", "r.yaml:2:1: splits: train, val and test add up to 0.9, but must add up to 1"),
        ("export: varied", "export: plain", "r.yaml:16:9: the export name 'plain' is used twice; names must differ"),
        ("      - export: varied\n", "", "r.yaml:6:5: the branch 'varied' exports nothing"),
        ("name: any", "# no name", "r.yaml:2:1: name: missing"),
        ("name: any", "name: any\nclasses: {a: {vraied: {variants: 2}}}", "r.yaml:2:15: classes, 'a': unknown branch"),
        ("name: any", "name: any\nevaluation_export: varied", "r.yaml:2:1: evaluation_export 'varied' is no export"),
        ("  - export: plain\n", "", "r.yaml:3:1: val and test images must not be augmented"),
        ("name: any", "name: [any", "r.yaml:2:7: not valid YAML: expected ',' or ']', but got ':'"),
        ("name: any", "name:\tany", "r.yaml:1:6: not valid YAML: found character"),
        ("name: any", "name: 2026-13-45\nname: any", "r.yaml:2:1: not valid YAML: the key 'name' stands twice"),
        ("name: any", "name: a\x00y", "r.yaml:1:8: not valid YAML: the character U+0000 is not allowed"),
        ("name: any", "name: &a [*a]", "r.yaml: the recipe holds itself: an alias stands within what it stands for"),
        ("variants: 3", 'variants: "3"', 'r.yaml:7:5: steps[2].variants: input should be an integer, but it is "3"'),
        ("variants: 3", "variants: true", "r.yaml:7:5: steps[2].variants: input should be an integer, but it is true"),
        ("train: 0.7", 'train: "0.7"', 'r.yaml:2:10: splits.train: input should be a number, but it is "0.7"'),
        ("balance: 0.5", "balance: {}", "r.yaml:8:5: steps[2].balance: needs at least 1 item, but it has 0"),
    ],
)  # fmt: skip
def test_a_fault_is_named_with_its_place(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], right: str, wrong: str, said: str
) -> None:
    found = faults(tmp_path, GOOD.replace(right, wrong, 1), capsys)
    assert len(found) == 1
    assert found[0].startswith(said)


def test_all_faults_are_named_in_the_order_of_the_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = (
        GOOD.replace("variants: 3", "variants: 0").replace("width: 24", "width: wide").replace("train: 0.7", "tain: 1")
    )
    found = faults(tmp_path, text, capsys)
    assert [line.split(":")[1] for line in found] == ["2", "4", "7"]


def test_a_class_that_no_image_has_is_refused_by_run_with_its_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    labels = save_labels(tmp_path / "labels.jsonl", write_photos(tmp_path / "in", 6))
    recipe = save_recipe(tmp_path / "r.yaml", GOOD.replace("balance: 0.5", "balance: {opne: 1}"))
    common = ["--recipe", str(recipe), "--input", str(tmp_path / "in"), "--output"]
    assert main(["run", *common, str(tmp_path / "out"), "--labels", str(labels)]) == 2
    said = f"{recipe}:8:15: no image has the class 'opne', which the recipe names; did you mean 'open'?"
    assert said in capsys.readouterr().err


def test_preview_names_the_place_too(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write_photos(tmp_path / "in", 1)
    recipe = save_recipe(tmp_path / "r.yaml", GOOD.replace("width", "widht"))
    common = ["--recipe", str(recipe), "--input", str(tmp_path / "in"), "--output"]
    assert main(["preview", *common, str(tmp_path / "page.html")]) == 2
    assert f"{recipe}:4:23: steps[0].widht: unknown key; did you mean 'width'?" in capsys.readouterr().err


def test_merged_keys_point_at_the_nearest_place(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = GOOD.replace("{op: resize_crop, width: 24, height: 24}", "{<<: {op: resize_crop, width: 0}, height: 24}")
    assert faults(tmp_path, text, capsys)[0].startswith("r.yaml:4:5: steps[0].width: input should be greater")


def test_the_demo_recipe_says_what_it_exports(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["validate", "--recipe", str(LEGO_FACES)]) == 0
    assert "exports resize, varied, resize-noise" in capsys.readouterr().err
