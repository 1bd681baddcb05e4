"""What the second of two versions says it has otherwise: real runs over thirty small photos."""

from __future__ import annotations

import json
import re
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from augmentation.__main__ import main
from domain.labels.rows import LabelRow, write_labels
from tests.support.builders.photos import image_bytes

RECIPE = (
    "name: s\nsplits: {{train: 1, val: 0, test: 0}}\nclasses: {classes}\n"
    "steps:\n  - {{op: resize, width: 16, height: 12}}\n  - export: small\n  - {{op: flip}}\n  - export: flipped\n"
)
CLASSES = ("kitten", "cat", "dog")


def labeled(number: int, label: str = "") -> LabelRow:
    name = label or CLASSES[number % 3]
    source = f"{number:02}.jpg"
    return LabelRow(source=source, source_ref=f"s3://b/{source}", status="labeled", label=name, labels=(name,))


def run(folder: Path, version: str, labels: list[LabelRow], classes: str = "{}", before: str = "") -> dict[str, Any]:
    """dataset.json of the version."""
    for row in labels:
        path = folder / "in" / row.source
        path.parent.mkdir(exist_ok=True)
        if not path.exists():
            path.write_bytes(image_bytes(size=(64, 40 + int(row.source[:2]))))
    (folder / "r.yaml").write_text(RECIPE.format(classes=classes))
    (folder / "labels.jsonl").write_text(write_labels(labels))
    given = {"recipe": "r.yaml", "input": "in", "labels": "labels.jsonl", "output": version}
    words = [word for name, value in given.items() for word in (f"--{name}", str(folder / value))]
    known = ["--known", str(folder / before / "manifest.jsonl")] if before else []
    assert main(["run", *words, "--version", version, *known]) == 0
    assert main(["check", str(folder / version)]) == 0
    return dict(json.loads((folder / version / "dataset.json").read_text()))


def changes(folder: Path, version: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (folder / version / "changes.jsonl").read_text().splitlines()]


def test_of_three_corrected_labels_in_thirty_only_their_files_are_made_again_and_it_says_so(tmp_path: Path) -> None:
    labels = [labeled(number) for number in range(30)]
    first = run(tmp_path, "v1", labels)
    assert "since" not in first
    assert not (tmp_path / "v1/changes.jsonl").exists()
    assert "Since the version before" not in (tmp_path / "v1/report.html").read_text()

    for number in (4, 10, 17):
        labels[number] = labeled(number, "dog" if number < 17 else "kitten")
    labels[20] = LabelRow(source="20.jpg", source_ref="s3://b/20.jpg", status="unlabeled", reason="none fits")
    second = run(tmp_path, "v2", [*labels, labeled(30)], before="v1")
    assert second["since"] == {
        "version": "v1",
        "new_sources": 1,
        "corrected_sources": 3,
        "withdrawn_sources": 1,
        "gone_sources": 0,
        "renamed_classes": [],
        "kept_outputs": 54,
        "made_again_outputs": 6,
        "added_outputs": 2,
    }
    assert changes(tmp_path, "v2") == [
        {"source": "30.jpg", "change": "new", "after": "kitten"},
        {"source": "04.jpg", "change": "corrected", "what": "class", "before": "cat", "after": "dog"},
        {"source": "10.jpg", "change": "corrected", "what": "class", "before": "cat", "after": "dog"},
        {"source": "17.jpg", "change": "corrected", "what": "class", "before": "dog", "after": "kitten"},
        {"source": "20.jpg", "change": "withdrawn", "before": "dog", "why": "unlabeled: none fits"},
    ]
    rows = [json.loads(line) for line in (tmp_path / "v2/manifest.jsonl").read_text().splitlines()]
    made = Counter(row["source"] for row in rows if row["version"] == "v2")
    assert made == {"04.jpg": 2, "10.jpg": 2, "17.jpg": 2, "30.jpg": 2}
    page = (tmp_path / "v2/report.html").read_text()
    assert "Since the version before" in page
    assert re.search(r"<td>04.jpg</td><td>label corrected</td><td>cat</td><td>dog</td>", page)
    assert "3 images with a corrected label, of which alone files were made again" in page


@pytest.mark.parametrize(
    ("classes", "wanted"),
    [
        ("{cat: [kitten, cat]}", [{"before": "kitten", "after": "cat", "sources": 2, "merged": True}]),
        ("{puppy: [dog]}", [{"before": "dog", "after": "puppy", "sources": 2, "merged": False}]),
        (
            "{pet: [cat, dog]}",
            [
                {"before": "cat", "after": "pet", "sources": 2, "merged": True},
                {"before": "dog", "after": "pet", "sources": 2, "merged": True},
            ],
        ),
    ],
)
def test_merged_and_renamed_classes_are_told(tmp_path: Path, classes: str, wanted: list[dict[str, Any]]) -> None:
    labels = [labeled(number) for number in range(6)]
    run(tmp_path, "v1", labels)
    assert run(tmp_path, "v2", labels, classes, before="v1")["since"]["renamed_classes"] == wanted
    verb = "is part of" if wanted[0]["merged"] else "is called"
    told = f"<del>{wanted[0]['before']}</del> {verb} <b>{wanted[0]['after']}</b> now (2 images)"
    assert told in (tmp_path / "v2/report.html").read_text()


def test_a_source_whose_corrected_files_cannot_be_made_is_gone(tmp_path: Path) -> None:
    labels = [labeled(number) for number in range(4)]
    run(tmp_path, "v1", labels)
    (tmp_path / "in/00.jpg").write_bytes(b"")
    labels[0] = labeled(0, "dog")
    since = run(tmp_path, "v2", [*labels, labeled(4)], before="v1")["since"]
    assert (since["corrected_sources"], since["gone_sources"], since["made_again_outputs"]) == (1, 1, 0)
    assert changes(tmp_path, "v2")[-1] == {"source": "00.jpg", "change": "gone", "before": "kitten"}
