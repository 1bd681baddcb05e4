"""When two answers say the same."""

from __future__ import annotations

from typing import Any

from domain.labels.boxes import BoxLabel
from domain.labels.records import FieldVerdict
from domain.labels.rows import LabelRow, Vote
from domain.labels.said import asked_of, is_disputed


def row(*votes: dict[str, Any], **fields: Any) -> LabelRow:
    given = tuple(Vote(worker=f"w{number}", **vote) for number, vote in enumerate(votes))
    return LabelRow(source="a", source_ref="a", status="labeled", labels=("x",), votes=given, **fields)


def test_the_order_of_labels_does_not_matter() -> None:
    assert not is_disputed(row({"labels": ("a", "b")}, {"labels": ("b", "a")}))
    assert is_disputed(row({"labels": ("a", "b")}, {"labels": ("a",)}))
    assert not is_disputed(row({"labels": ("a",)}, {"label": "a"}))


def test_two_corrections_that_differ_are_no_agreement() -> None:
    said = ("two teas", "too teas")
    found = row(*({"label": "corrected", "transcript": one} for one in said), transcript=said[0])
    assert asked_of(found) == "transcript"
    assert is_disputed(found)


def test_a_transcript_that_came_with_the_clip_was_not_asked_for() -> None:
    found = row({"label": "yes"}, {"label": "yes"}, transcript="yes, please")
    assert asked_of(found) == "labels"
    assert not is_disputed(found)


def test_reviews_agree_when_all_fields_do() -> None:
    one = {"a": FieldVerdict(verdict="accept", value=1), "b": FieldVerdict(verdict="correct", value="x")}
    other = {**one, "b": FieldVerdict(verdict="correct", value="y")}
    assert not is_disputed(
        row(*({"label": "corrected", "record": found} for found in (one, dict(reversed(one.items())))))
    )
    assert is_disputed(row(*({"label": "corrected", "record": found} for found in (one, other))))


def test_of_boxes_only_the_classes_count() -> None:
    boxes = [(BoxLabel(label="cat", left=left, top=1, width=9, height=9),) for left in (1, 2)]
    found = row(*({"labels": ("cat",), "boxes": own} for own in boxes))
    assert asked_of(found) == "boxes"
    assert not is_disputed(found)
