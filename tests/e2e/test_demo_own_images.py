"""The demo over somebody's own folder, with names and files as people have them."""

from __future__ import annotations

import csv

import pytest
from PIL import Image

# The second of two whole demos: `make test` has the one with drawn faces.
pytestmark = pytest.mark.long
COLORS = {"red": (200, 30, 30), "green": (30, 180, 60)}
NAMES = [
    "a plain name.jpg",
    'it\'s quoted "twice".jpg',
    "Größe – naïve ☕.png",
    "UPPER.JPG",
    "deeper/in a folder.JPEG",
    "percent%20and+plus.png",
    "hash#mark&ampersand.jpg",
    "1.jpg",
    "2.jpg",
    "3.jpg",
    "4.jpg",
    "5.jpg",
]


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("My Own Images")
    with (folder.parent / "answers.csv").open("w", newline="", encoding="utf-8") as lines:
        writer = csv.writer(lines)
        writer.writerow(["file", "label"])
        for index, name in enumerate(NAMES):
            label = ("red", "green")[index % 2]
            path = folder / name
            path.parent.mkdir(exist_ok=True)
            shade = tuple(min(255, part + 5 * index) for part in COLORS[label])
            Image.new("RGB", (240 + 7 * index, 300), shade).save(path)
            writer.writerow([name, label])
    (folder / "features.csv").write_text("a,stray,table\n")
    return folder


@pytest.fixture(scope="module")
def demo(run_demo, folder):
    answers = str(folder.parent / "answers.csv")
    done = run_demo("--images", str(folder), "--answers", answers, "--backend", "portal")
    assert done.status == 0, done.output
    return done


def test_hostile_names_come_through_labeling_and_augmentation(demo):
    assert demo.summary["labeled"] == len(NAMES)
    assert {row["source"] for row in demo.manifest} == set(NAMES)


def test_a_stray_table_is_rejected_with_a_reason_and_stops_nothing(demo):
    rejected = demo.summary["rejected"]
    assert [row["source"] for row in rejected] == ["features.csv"]
    assert rejected[0]["reason"]


def test_nothing_is_left_over(demo):
    assert demo.summary["leftovers"] == []
