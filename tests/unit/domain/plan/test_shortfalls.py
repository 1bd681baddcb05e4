"""What a version lacks is said, in one sentence a kind."""

from __future__ import annotations

from domain.plan.shortfalls import shortfalls
from domain.rows import Wanted

WANTED: Wanted = {"splits": ["train", "val", "test"], "training_outputs": {"open": 40, "shut": 40}}
SPLITS = {"train": 20, "val": 4, "test": 4}
CLASSES = {"open": 14, "shut": 14}
TRAINING = {"open": 40, "shut": 41}


def test_a_version_that_has_all_lacks_nothing() -> None:
    assert shortfalls(WANTED, SPLITS, CLASSES, TRAINING) == []
    assert shortfalls(WANTED, {}, {}, TRAINING) == []


def test_an_empty_split_is_said() -> None:
    [said] = shortfalls(WANTED, {"train": 61}, CLASSES, TRAINING)
    assert said.startswith("nothing is in val and test: there are too few images, or too many of them are near-dup")
    only = {**WANTED, "splits": ["train", "val"]}
    assert "nothing is in val:" in shortfalls(only, {"train": 61}, CLASSES, TRAINING)[0]  # type: ignore[arg-type]


def test_a_class_with_one_image_is_said() -> None:
    assert shortfalls(WANTED, SPLITS, {"open": 1, "shut": 27}, TRAINING) == ["a single image is in the class open"]
    many = shortfalls(WANTED, SPLITS, {f"c{number}": 1 for number in range(9)}, TRAINING)
    assert many == ["a single image is in each of the classes c0, c1, c2, c3, c4 and 4 more"]
    assert shortfalls({**WANTED, "splits": ["train"]}, {"train": 1}, {"open": 1}, TRAINING) == []


def test_a_class_that_balance_does_not_reach_is_said_with_both_numbers() -> None:
    [said] = shortfalls(WANTED, SPLITS, CLASSES, {"open": 18, "shut": 40})
    assert said.startswith("`balance` asks for more training files than were made (open 18 of 40)")
