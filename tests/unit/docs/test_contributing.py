"""CONTRIBUTING's lists are walked: each file is there and names the example, and no file that names it is left out."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
PATH = re.compile(r"`((?:[\w.<>-]+/)+[\w.<>-]*)`")
WITHOUT_PRODUCT = {"bench", "build", "cdk.out", "docs", "node_modules", "requirements", "tests"}
CODE = {".html", ".json", ".py", ".toml", ".yaml"}


@dataclass(frozen=True)
class HowTo:
    """`example` stands in the text, `values` are what the placeholders of its paths become for it. `name` is a pattern:
    where it occurs outside of tests, the list has the file."""

    title: str
    example: str
    values: dict[str, str]
    name: str


HOW_TOS = [
    HowTo(
        "transform",
        "glass_blur",
        {"family": "blur", "medium": "image", "op": "glass_blur"},
        r"glass_blur",
    ),
    HowTo("setting", "mfa", {"room": "labeling", "module": "workers"}, r"\bmfa\b"),
    HowTo(
        "Lambda function",
        "poll_labeling",
        {"folder": "poll_labeling", "machine": "label", "Folder": "PollLabeling"},
        r"poll_labeling|PollLabelingFunctionArn",
    ),
    HowTo(
        "task type", "image-single-label", {"folder": "image_single_label"}, r"image-single-label|\"ImageMultiClass\""
    ),
    HowTo("labeling back end", "ground_truth", {"backend": "ground_truth"}, r"(?<!prefix=)\"ground_truth\""),
]
USES = {  # files that use the example, as anybody may, and are not changed to add one
    "recipes/robustness.yaml",
    "scripts/demo/job.py",
    "scripts/verify_account/people.py",
}


def section(title: str) -> str:
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    found = re.search(rf"^## How to add a {title}\n(.*?)(?=^## |\Z)", text, re.MULTILINE | re.DOTALL)
    assert found, f"CONTRIBUTING has no how-to for a {title}"
    return found.group(1)


def listed(how_to: HowTo) -> list[str]:
    paths = PATH.findall(section(how_to.title))
    for name, value in how_to.values.items():
        paths = [path.replace(f"<{name}>", value) for path in paths]
    return paths


def naming(pattern: str) -> set[str]:
    """The files of the product that hold the pattern or have it in their path."""
    folders = [path for path in ROOT.glob("[a-z]*/") if path.is_dir() and path.name not in WITHOUT_PRODUCT]
    files = [file for folder in folders for file in folder.rglob("*") if file.suffix in CODE]
    paths = {file.relative_to(ROOT).as_posix(): file for file in files}
    return {path for path, file in paths.items() if re.search(pattern, path + "\n" + file.read_text("utf-8"))}


@pytest.mark.parametrize("how_to", HOW_TOS, ids=lambda how_to: how_to.title)
def test_every_file_of_the_list_is_there(how_to: HowTo) -> None:
    paths = listed(how_to)
    assert len(paths) >= 2
    assert how_to.example in section(how_to.title)
    assert not [path for path in paths if "<" in path or not (ROOT / path).exists()]


@pytest.mark.parametrize("how_to", HOW_TOS, ids=lambda how_to: how_to.title)
def test_no_file_that_names_the_example_is_missing_from_the_list(how_to: HowTo) -> None:
    paths = listed(how_to)
    found = naming(how_to.name)
    assert found, "the pattern finds nothing: has the example been renamed?"
    missing = [path for path in found - USES if not any(path == one or path.startswith(f"{one}") for one in paths)]
    assert not missing


def test_there_are_the_five_how_tos() -> None:
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    assert re.findall(r"^## How to add a (.+)$", text, re.MULTILINE) == [how_to.title for how_to in HOW_TOS]


def test_a_task_type_is_four_files_and_a_backend_one_folder_and_one_line() -> None:
    steps = {
        title: re.findall(r"^\d+\. `([^`]+)`", section(title), re.MULTILINE)
        for title in ("task type", "labeling back end")
    }
    assert len(steps["task type"]) <= 4
    assert len(steps["labeling back end"]) == 2


def test_the_changelog_has_a_section_for_the_version_of_pyproject() -> None:
    version = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["version"]
    sections = re.findall(
        r"^## \[(\d+\.\d+\.\d+)\] - \d{4}-\d\d-\d\d$", (ROOT / "CHANGELOG.md").read_text("utf-8"), re.M
    )
    assert sections[0] == version
