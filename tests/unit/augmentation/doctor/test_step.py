"""The doctor as a step of a run: its page lies with the version, knows the version's splits, and changes nothing."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import pytest

from augmentation.__main__ import main
from augmentation.doctor.show import TITLES
from augmentation.image.frame import Frame
from augmentation.image.reading.reader import Target, read_image
from domain.report.doctor_found import WORDS
from tests.support.builders.models import write_model
from tests.support.builders.photos import SMALL_RECIPE, save_labels, save_recipe, textured, tree, write_photos

CREATED = ("--created", "2026-11-28T00:00:00Z")
OWN = {"doctor.html", "doctor.json"}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Eight photos; one is there twice with two labels, one is dark."""
    rows = write_photos(tmp_path / "in", 8)
    for seed, row in enumerate(rows):
        textured(seed % 7).point(lambda value, dark=seed == 1: value // 5 if dark else value).save(
            tmp_path / "in" / row.source, "JPEG", quality=90
        )
    save_labels(tmp_path / "labels.jsonl", rows)
    save_recipe(tmp_path / "recipe.yaml", SMALL_RECIPE + "\noutput: {embeddings: true}\n")
    write_model(tmp_path / "ours.onnx")
    return tmp_path


def run(folder: Path, output: str, *more: str) -> int:
    named = {
        "recipe": "recipe.yaml",
        "input": "in",
        "output": output,
        "labels": "labels.jsonl",
        "embedding": "ours.onnx",
    }
    paths = [text for name, path in named.items() for text in (f"--{name}", str(folder / path))]
    return main(["run", *paths, "--processes", "1", *CREATED, *more])


def read(file: Path) -> dict[str, Any]:
    return dict(json.loads(file.read_text(encoding="utf-8")))


def test_page_and_findings_lie_with_the_version_which_is_the_same_without_them(folder: Path) -> None:
    assert run(folder, "v", "--doctor") == 0
    asked = tree(folder / "v")
    told = read(folder / "v/doctor.json")
    assert [one["across_labels"] for one in told["duplicates"] if one["kind"] == "exact"] == [True]
    assert len(told["dark"]) == 1
    assert {leak["kind"] for leak in told["leakage"]} == {
        "semantic"
    }  # by the run's splits; what is the same, shares one
    assert "leakage" not in told["left_out"]
    facts = read(folder / "v/dataset.json")["doctor"]
    assert (facts["page"], facts["file"]) == ("doctor.html", "doctor.json")
    assert facts["findings"]["duplicates"] == len(told["duplicates"])
    report = (folder / "v/report.html").read_text()
    assert 'href="doctor.html"' in report
    assert "data:image/jpeg;base64," in (folder / "v/doctor.html").read_text()
    (folder / "v").rename(folder / "kept")

    assert run(folder, "v") == 0
    silent = tree(folder / "v")
    assert silent.keys() == asked.keys() - OWN
    assert {name for name in silent if silent[name] != asked[name]} == {"dataset.json", "report.html"}
    assert "not asked" in (folder / "v/report.html").read_text()


def test_it_decodes_each_image_once_and_takes_over_what_the_run_knows(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    noted = folder / "decoded"
    noted.mkdir()

    def decoded(data: bytes, target: Target) -> Frame:
        with (noted / hashlib.sha256(data).hexdigest()).open("a") as file:
            file.write("once\n")
        return read_image(data, target)

    monkeypatch.setattr("augmentation.doctor.look.read_image", decoded)
    monkeypatch.setattr("augmentation.doctor.duplicates.alike", lambda *_: {})  # opens what may be a part of another
    monkeypatch.setattr("augmentation.doctor.look.squared", lambda *_: pytest.fail("it was embedded again"))
    assert run(folder, "v", "--doctor") == 0
    images = {hashlib.sha256(path.read_bytes()).hexdigest(): 0 for path in (folder / "in").iterdir()}
    for path in (folder / "in").iterdir():
        images[hashlib.sha256(path.read_bytes()).hexdigest()] += 1
    assert {file.name: len(file.read_text().splitlines()) for file in noted.iterdir()} == images


def test_the_command_takes_over_what_a_version_knows(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert run(folder, "v") == 0
    monkeypatch.setattr("augmentation.doctor.look.squared", lambda *_: pytest.fail("it was embedded again"))
    words = ["--input", str(folder / "in"), "--labels", str(folder / "labels.jsonl"), "--output", str(folder / "page")]
    more = ["--manifest", str(folder / "v/manifest.jsonl"), "--embedding", str(folder / "ours.onnx")]
    assert main(["doctor", *words, *more, "--processes", "1"]) == 0
    assert [one["kind"] for one in read(folder / "page/doctor.json")["duplicates"]].count("exact") == 1


def test_one_of_several_machines_refuses(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    config = folder / "rc.json"
    config.write_text(json.dumps({"current_host": "algo-1", "hosts": ["algo-1", "algo-2"]}))
    assert run(folder, "v", "--doctor", "--host-config", str(config)) == 2
    assert "--doctor looks at all files on one machine" in capsys.readouterr().err


def test_without_the_packages_the_page_says_which_setting_brings_them(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    save_recipe(folder / "recipe.yaml")
    monkeypatch.setattr("augmentation.embedding.weights.files", lambda _: (_ for _ in ()).throw(ModuleNotFoundError()))
    paths = ["--recipe", str(folder / "recipe.yaml"), "--input", str(folder / "in")]
    more = ["--labels", str(folder / "labels.jsonl"), "--output", str(folder / "v"), "--processes", "1", "--doctor"]
    assert main(["run", *paths, *more]) == 0
    report = (folder / "v/report.html").read_text()
    assert "Not looked for: labels in doubt, outliers, cropped and semantic duplicates." in report
    assert "[learning] enabled = true" in report


def test_the_report_has_a_word_for_each_kind_of_finding() -> None:
    assert set(TITLES) <= set(WORDS)
