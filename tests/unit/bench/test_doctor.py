"""The doctor's figures: what is counted as found, and what as false."""

from __future__ import annotations

from augmentation.doctor.duplicates import Duplicates
from bench.doctor import judged


def test_recall_is_of_copies_and_false_pairs_are_of_other_photos() -> None:
    photo_of = {"a.jpg": "a.jpg", "a-cut.jpg": "a.jpg", "b.jpg": "b.jpg", "b-cut.jpg": "b.jpg", "b-turned.jpg": "b.jpg"}
    found = [Duplicates(("a-cut.jpg", "a.jpg"), "near", 1), Duplicates(("a.jpg", "b-turned.jpg"), "near", 1)]
    told = judged(found, photo_of)
    assert told["recall"] == {"cut": 0.5, "mirrored": 0.0, "turned": 0.0}
    assert told["false"] == [("a.jpg", "b-turned.jpg")]
    assert told["false_share"] == 1 / 6  # two files show a, three show b
