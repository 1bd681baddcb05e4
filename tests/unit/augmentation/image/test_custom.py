"""The user's own functions: run when allowed, checked, and no trouble of theirs stops the run."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from augmentation.__main__ import main
from augmentation.image import time_limit
from augmentation.image.time_limit import limit_steps
from domain.errors import InvalidRecipe
from domain.recipe import Recipe, chains
from tests.support.builders.photos import save_recipe, tree, write_photos

MODULE = "kempelen_test_steps"
CODE = """
import os

import numpy as np

def tint(image, rng, red=0):
    image[..., 0] = red
    image[..., 1] = 0
    image[..., 2] = rng.integers(0, 256)
    return image

def halve(image, rng):
    return image[::2, ::2]

def check(image, rng):
    assert image.shape == (24, 24, 3) and image.dtype == np.uint8 and isinstance(rng, np.random.Generator)
    return image

def breaks_some(image, rng):
    if rng.random() < 0.5:
        raise KeyError("no such color")
    return image

def leaves(image, rng):
    raise SystemExit(3)

def floats(image, rng):
    return image / 255

def gray(image, rng):
    return image[..., 0]

def alpha(image, rng):
    return np.dstack([image, image[..., :1]])

def nothing(image, rng):
    pass

def empty(image, rng):
    return image[:0]

def hangs_some(image, rng):
    while image[0, 0, 0] == 99:
        pass
    return image

def hangs_and_will_not_stop(image, rng):
    while image[0, 0, 0] == 99:
        try:
            while True:
                pass
        except BaseException:
            pass
    return image

def dies(image, rng):
    if image[0, 0, 0] == 99:
        os._exit(3)
    return image

def interrupts(image, rng):
    raise KeyboardInterrupt

NUMBER = 3
"""


@pytest.fixture(autouse=True)
def folder(tmp_path: Path) -> Iterator[Path]:
    from augmentation.image import custom

    write_photos(tmp_path / "in", 8)
    (tmp_path / f"{MODULE}.py").write_text(CODE)
    before = list(sys.path)
    yield tmp_path
    sys.path[:] = before
    sys.modules.pop(MODULE, None)
    custom.find.cache_clear()


def run(folder: Path, node: str, *more: str, output: str = "out") -> int:
    save_recipe(
        folder / "own.yaml",
        "name: own\nsplits: {train: 1, val: 0, test: 0}\noutput: {format: png}\nsteps:\n"
        f"  - {{op: resize_crop, width: 24, height: 24}}\n  - export: plain\n  - {node}\n  - export: own\n",
    )
    places = {"recipe": folder / "own.yaml", "input": folder / "in", "output": folder / output}
    options = [word for name, value in places.items() for word in (f"--{name}", str(value))]
    return main(["run", *options, "--loose-class", "any", "--created", "2026-11-22", *more])


def allowed(folder: Path, node: str, *more: str, output: str = "out") -> Path:
    assert run(folder, node, "--allow-custom", *more, output=output) == 0
    return folder / output


def lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text().splitlines()]


def pictures(version: Path) -> list[np.ndarray]:
    rows = [row for row in lines(version / "manifest.jsonl") if row["export"] == "own"]
    return [np.asarray(Image.open(version / row["path"])) for row in rows]


def test_a_function_gets_rgb_and_a_generator_and_its_image_goes_on(folder: Path) -> None:
    found = pictures(allowed(folder, f"{{custom: '{MODULE}:tint', parameters: {{red: 200}}}}"))
    assert len(found) == 8
    assert all(np.all(picture[..., 0] == 200) and not picture[..., 1].any() for picture in found)
    assert len({int(picture[0, 0, 2]) for picture in found}) > 1


def test_the_image_is_uint8_height_by_width_by_3(folder: Path) -> None:
    assert len(pictures(allowed(folder, f"{{custom: '{MODULE}:check'}}"))) == 8


def test_the_size_may_change(folder: Path) -> None:
    assert {picture.shape for picture in pictures(allowed(folder, f"{{custom: '{MODULE}:halve'}}"))} == {(12, 12, 3)}


def test_one_or_two_processes_make_the_same(folder: Path) -> None:
    one, two = (
        allowed(folder, f"{{custom: '{MODULE}:tint'}}", "--processes", str(count), output=f"out{count}")
        for count in (1, 2)
    )
    assert tree(one / "data") == tree(two / "data")


def test_an_image_whose_step_raises_is_quarantined_with_the_traceback_and_the_run_goes_on(folder: Path) -> None:
    version = allowed(folder, f"{{custom: '{MODULE}:breaks_some'}}")
    quarantine = lines(version / "quarantine.jsonl")
    assert 0 < len(quarantine) < 8
    assert {row["stage"] for row in quarantine} == {"custom"}
    assert "KeyError: 'no such color'" in quarantine[0]["reason"]
    assert "in breaks_some" in quarantine[0]["reason"]
    made = lines(version / "manifest.jsonl")
    assert not {row["source"] for row in made} & {row["source"] for row in quarantine}
    assert len(tree(version / "data")) == len(made) == 2 * (8 - len(quarantine))


@pytest.mark.parametrize(
    ("function", "said"),
    [
        ("leaves", "SystemExit: 3"),
        ("floats", "returned float64 of the shape (24, 24, 3)"),
        ("gray", "returned uint8 of the shape (24, 24)"),
        ("alpha", "returned uint8 of the shape (24, 24, 4)"),
        ("nothing", "returned NoneType"),
        ("empty", "returned uint8 of the shape (0, 24, 3)"),
    ],
)
def test_what_is_no_image_goes_to_the_quarantine(folder: Path, function: str, said: str) -> None:
    assert run(folder, f"{{custom: '{MODULE}:{function}'}}", "--allow-custom") == 1  # nothing was made
    version = folder / "out"
    quarantine = lines(version / "parts/local/quarantine.jsonl")
    assert len(quarantine) == 8
    assert all(said in row["reason"] for row in quarantine)
    assert not tree(version / "data")


@pytest.mark.parametrize(
    ("function", "stage", "said"),
    [
        ("hangs_some", "custom", f"{MODULE}:hangs_some did not end: more than 1 seconds"),
        ("hangs_and_will_not_stop", "read", "a custom step ended it or hung"),
        ("dies", "read", "a custom step ended it or hung"),
        ("interrupts", "custom", "KeyboardInterrupt"),
    ],
)
def test_with_a_limit_a_step_that_does_not_end_costs_its_file(
    folder: Path, function: str, stage: str, said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(time_limit, "GRACE_SECONDS", 1)
    Image.new("RGB", (32, 32), (99, 99, 99)).save(folder / "in/gray.png")
    run(folder, f"{{custom: '{MODULE}:{function}'}}", "--allow-custom", "--step-seconds", "1")
    limit_steps(None)
    found = next(folder.glob("out/**/quarantine.jsonl"))
    reasons = {row["source"]: row for row in lines(found)}
    assert (reasons["gray.png"]["stage"], said in reasons["gray.png"]["reason"]) == (stage, True)
    assert len(reasons) == (9 if function == "interrupts" else 1)


def test_a_module_whose_import_does_not_end_is_said(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / f"{MODULE}.py").write_text("while True: pass")
    assert run(folder, f"{{custom: '{MODULE}:tint'}}", "--allow-custom", "--step-seconds", "1") == 2
    limit_steps(None)
    assert "importing its module did not end: more than 1 seconds" in capsys.readouterr().err


@pytest.mark.parametrize(
    "node",
    [
        f"{{custom: '{MODULE}:tint'}}",
        f"{{branch: b, steps: [{{custom: '{MODULE}:tint'}}, {{export: inner}}]}}",
        f"{{one_of: [{{steps: []}}, {{steps: [{{custom: '{MODULE}:tint'}}]}}]}}",
    ],
)
def test_custom_code_is_neither_run_nor_imported_unless_the_run_says_so(
    folder: Path, node: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(folder, node) == 2
    assert f"the recipe runs code of its own ({MODULE}:tint)" in capsys.readouterr().err
    assert MODULE not in sys.modules
    assert not (folder / "out").exists()


@pytest.mark.parametrize(("command", "more"), [("preview", ["--output", "p.html"]), ("plan", ["--loose-class", "any"])])
def test_what_tries_the_recipe_out_asks_too(
    folder: Path, command: str, more: list[str], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    run(folder, f"{{custom: '{MODULE}:breaks_some'}}")
    monkeypatch.chdir(folder)
    words = [command, "--recipe", "own.yaml", "--input", "in", *more]
    assert main(words) == 2
    assert "--allow-custom" in capsys.readouterr().err
    assert MODULE not in sys.modules
    assert main([*words, "--allow-custom"]) == 0


@pytest.mark.parametrize(
    ("node", "said"),
    [
        ("{custom: 'kempelen_nowhere:f'}", "No module named 'kempelen_nowhere'"),
        (f"{{custom: '{MODULE}:f'}}", "has no attribute 'f'"),
        (f"{{custom: '{MODULE}:NUMBER'}}", "'NUMBER' is no function but int"),
        (f"{{custom: '{MODULE}:tint', parameters: {{blue: 1}}}}", "unexpected keyword argument 'blue'"),
        (f"{{custom: '{MODULE}'}}", "is no module:function; write it like my_steps:sharpen"),
        (f"{{custom: '{MODULE}:tint', parameter: {{}}}}", "unknown key; did you mean 'parameters'?"),
    ],
)
def test_what_cannot_run_is_said_before_work_begins(
    folder: Path, node: str, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(folder, node, "--allow-custom") == 2
    assert said in capsys.readouterr().err
    assert not (folder / "out").exists()


def digest(**node: Any) -> str:
    steps = [{"custom": "a:b", **node}, {"export": "x"}]
    recipe = Recipe.from_mapping({"name": "any", "splits": {"train": 1, "val": 0, "test": 0}, "steps": steps})
    return chains(recipe)["x"].digest


def test_function_parameters_and_probability_enter_the_digest() -> None:
    found = {digest(), digest(custom="a:c"), digest(parameters={"n": 1}), digest(probability=0.5)}
    assert len(found) == 4


@pytest.mark.parametrize("name", ["a", "a.b", ":b", "a:", "a:b:c", "a b:c", "../a:b", "a:b()", "a:b\n", "é:b"])
def test_only_the_form_is_checked_where_nothing_is_imported(name: str) -> None:
    with pytest.raises(InvalidRecipe, match="is no module:function"):
        digest(custom=name)
