"""Hostile functions: what the engine itself holds back. What it cannot, and what does then, is in docs/security.md."""

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
from augmentation.image.time_limit import limit_steps
from tests.support.builders.photos import save_recipe, write_photos

MODULE = "kempelen_hostile_steps"
CODE = """
import os
import sys
from pathlib import Path

import numpy as np

KEPT = []

def plain(image, rng, places=()):
    return image

def changes_its_parameters(image, rng, places):
    places.append(len(places))
    image[:] = 10 * len(places)
    return image

def changes_what_it_returned_before(image, rng):
    for earlier in KEPT:
        earlier[:] = 0
    KEPT.append(image)
    image[:] = 77
    return image

def writes_into_its_image(image, rng):
    image[:] = 0
    return np.full_like(image, 200)

class Sly(np.ndarray):
    @property
    def dtype(self):
        raise KeyError("no dtype for you")

    @property
    def shape(self):
        raise KeyError("no shape for you")

def returns_an_array_that_bites(image, rng):
    return image.view(Sly)

class Liar:
    @property
    def __class__(self):
        raise KeyError("no class for you")

def returns_what_will_not_say_what_it_is(image, rng):
    return Liar()

class Endless(Exception):
    def __str__(self):
        while True:
            pass

def raises_what_cannot_be_shown(image, rng):
    raise Endless

class Mute(BaseException):
    def __str__(self):
        os.chdir("/")
        raise RuntimeError

def raises_what_will_not_be_shown(image, rng):
    raise Mute

def goes_elsewhere(image, rng):
    os.chdir("/")
    np.seterr(all="raise")
    return image

def stands_where_it_was(image, rng):
    assert os.getcwd() != "/" and np.geterr()["over"] != "raise"
    return image

def copies_the_process(image, rng):
    os.fork()
    return image

def eats_memory(image, rng):
    return np.zeros(1 << 50, np.uint8)

def eats_the_stack(image, rng):
    return eats_the_stack(image, rng)

def prints_megabytes(image, rng):
    print("x" * 1_000_000)
    sys.stderr.write("y" * 1_000_000)
    return image

def deletes_the_inputs(image, rng):
    for path in Path(os.environ["KEMPELEN_TEST_INPUTS"]).glob("*"):
        path.unlink()
    return image

def stops_the_clock(image, rng):
    import signal
    signal.setitimer(signal.ITIMER_REAL, 0)
    signal.signal(signal.SIGALRM, signal.SIG_IGN)
    while True:
        pass
"""


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    from augmentation.image import custom, time_limit

    monkeypatch.setattr(time_limit, "GRACE_SECONDS", 1)
    monkeypatch.setenv("KEMPELEN_TEST_INPUTS", str(tmp_path / "in"))
    write_photos(tmp_path / "in", 4)
    (tmp_path / f"{MODULE}.py").write_text(CODE)
    before = list(sys.path)
    yield tmp_path
    limit_steps(None)
    sys.path[:] = before
    sys.modules.pop(MODULE, None)
    custom.find.cache_clear()


def run(folder: Path, function: str, parameters: str = "{}", *, seconds: int = 20, more: str = "") -> Path:
    """One process, so that each image comes after another that the function has had."""
    save_recipe(
        folder / "own.yaml",
        "name: own\nsplits: {train: 1, val: 0, test: 0}\noutput: {format: png}\nsteps:\n"
        "  - {op: resize_crop, width: 24, height: 24}\n"
        f"  - {{custom: '{MODULE}:{function}', parameters: {parameters}}}\n{more}  - export: own\n",
    )
    places = {"recipe": folder / "own.yaml", "input": folder / "in", "output": folder / "out"}
    words = [word for name, value in places.items() for word in (f"--{name}", str(value))]
    options = ["--allow-custom", "--step-seconds", str(seconds), "--processes", "1", "--loose-class", "any"]
    main(["run", *words, *options, "--created", "2026-11-22"])
    return folder / "out"


def rows(version: Path, name: str) -> list[dict[str, Any]]:
    found = [path for path in version.rglob(name) if "parts" not in path.parts] or list(version.rglob(name))
    return [json.loads(line) for path in found[:1] for line in path.read_text().splitlines()]


def pictures(version: Path) -> list[np.ndarray]:
    return [np.asarray(Image.open(version / row["path"])) for row in rows(version, "manifest.jsonl")]


def test_every_image_has_the_recipes_parameters_whatever_the_function_did_with_them(folder: Path) -> None:
    version = run(folder, "changes_its_parameters", "{places: [1]}")
    assert [int(picture.max()) for picture in pictures(version)] == [20] * 4
    assert "[1]" in (folder / "own.yaml").read_text()
    assert '"places": [1]' in json.dumps(rows(version, "manifest.jsonl"))


def test_what_was_returned_once_is_not_changed_afterwards(folder: Path) -> None:
    assert [int(picture.min()) for picture in pictures(run(folder, "changes_what_it_returned_before"))] == [77] * 4


def test_the_image_that_other_branches_see_is_not_written_into(folder: Path) -> None:
    save = f"  - {{branch: b, steps: [{{custom: '{MODULE}:writes_into_its_image'}}, {{export: inner}}]}}\n"
    found = rows(run(folder, "plain", more=save), "manifest.jsonl")
    outside = [np.asarray(Image.open(folder / "out" / row["path"])) for row in found if row["export"] == "own"]
    assert len(outside) == 4
    assert all(picture.any() and len(np.unique(picture)) > 1 for picture in outside)


@pytest.mark.parametrize("function", ["returns_an_array_that_bites", "prints_megabytes"])
def test_the_run_goes_on_as_if_nothing_had_been(folder: Path, function: str) -> None:
    noise = "  - {op: gaussian_noise, severity: 5}\n"
    assert len(pictures(run(folder, function, more=noise))) == 4
    assert not rows(folder / "out", "quarantine.jsonl")


def test_no_other_image_or_step_sees_where_it_went_and_what_it_told_numpy(folder: Path) -> None:
    version = run(folder, "goes_elsewhere", more=f"  - {{custom: '{MODULE}:stands_where_it_was'}}\n")
    assert len(pictures(version)) == 4


@pytest.mark.parametrize(
    ("function", "said"),
    [
        ("returns_what_will_not_say_what_it_is", "no class for you"),
        ("raises_what_cannot_be_shown", "Endless"),
        ("raises_what_will_not_be_shown", "Mute"),
        ("eats_memory", "Unable to allocate"),
        ("eats_the_stack", "RecursionError"),
        ("stops_the_clock", "a custom step ended it or hung"),
    ],
)
def test_it_costs_its_image_and_is_told(folder: Path, function: str, said: str) -> None:
    found = rows(run(folder, function, seconds=1), "quarantine.jsonl")
    assert len(found) == 4
    assert all(said in row["reason"] for row in found)


def test_a_copy_of_the_process_does_no_work(folder: Path) -> None:
    """It would take the others' images, or the word that tells a process to end."""
    version = run(folder, "copies_the_process")
    assert len(rows(version, "manifest.jsonl")) == 4


def test_inputs_that_were_deleted_meanwhile_are_told_one_by_one(folder: Path) -> None:
    version = run(folder, "deletes_the_inputs")
    made, lost = rows(version, "manifest.jsonl"), rows(version, "quarantine.jsonl")
    assert len({row["source"] for row in made} | {row["source"] for row in lost}) == 4
    assert {row["stage"] for row in lost} == {"read"}
