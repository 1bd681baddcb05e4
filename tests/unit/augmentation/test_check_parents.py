"""A version that grew on others is checked with its parents, wherever they lie; one that is missing is one problem."""

from __future__ import annotations

from pathlib import Path

import pytest

from augmentation.__main__ import main
from augmentation.check import problems_of
from tests.support.builders.photos import save_labels, save_recipe, write_photos


def grown(folder: Path) -> None:
    """Version v1 and, with other noise, v2 on top of it."""
    save_labels(folder / "labels.jsonl", write_photos(folder / "in", 6))
    save_recipe(folder / "recipe.yaml")
    for version, more in (("v1", []), ("v2", ["--seed", "8", "--known", str(folder / "v1/manifest.jsonl")])):
        common = ["--recipe", str(folder / "recipe.yaml"), "--input", str(folder / "in")]
        labels = ["--labels", str(folder / "labels.jsonl"), "--version", version, "--processes", "1"]
        assert main(["run", *common, *labels, "--output", str(folder / version), *more]) == 0


@pytest.fixture(scope="module")
def versions(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("versions")
    grown(folder)
    return folder


def test_parents_are_looked_for_beside_the_version(versions: Path) -> None:
    assert list(problems_of(versions / "v2")) == []


def test_parents_may_lie_elsewhere(versions: Path, tmp_path: Path) -> None:
    folder = tmp_path / "alone"
    copy(versions / "v2", folder)
    assert main(["check", str(folder), "--parents", str(versions)]) == 0
    assert main(["check", str(folder)]) == 1


def test_a_parent_that_is_not_there_is_one_problem_with_the_number_of_its_files(versions: Path, tmp_path: Path) -> None:
    folder = tmp_path / "alone"
    copy(versions / "v2", folder)
    inherited = (versions / "v1/manifest.jsonl").read_text().count("\n")
    [problem] = problems_of(folder)
    assert problem.startswith(f"v1: {inherited} files of this parent are not in ")
    assert problem.endswith("say with --parents which folder holds it")


def test_a_file_that_a_parent_lost_is_named(versions: Path, tmp_path: Path) -> None:
    copy(versions / "v1", tmp_path / "v1")
    lost = next((tmp_path / "v1/data").rglob("*.jpg"))
    lost.unlink()
    [problem] = problems_of(versions / "v2", parents=tmp_path)
    assert problem == f"../v1/{lost.relative_to(tmp_path / 'v1').as_posix()}: No such file or directory"


def copy(source: Path, target: Path) -> None:
    for path in source.rglob("*"):
        if path.is_file():
            place = target / path.relative_to(source)
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes(path.read_bytes())
