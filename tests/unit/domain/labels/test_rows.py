"""labels.jsonl: what is written is read, and what does not fit is refused with its place."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from domain.errors import InvalidInput
from domain.labels.rows import LabelRow, Vote, read_labels, write_labels
from domain.labels.tally import Tally
from domain.text import composed

texts = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=20)
classes = texts.map(composed)


def labeled(name: str = "a.jpg", label: str = "open") -> LabelRow:
    return LabelRow(source=name, source_ref=f"s3://b/{name}", status="labeled", label=label, labels=(label,))


def unlabeled(name: str) -> LabelRow:
    return LabelRow(source=name, source_ref=f"s3://b/{name}", status="unlabeled", reason="nobody answered")


def tallied(rows: list[LabelRow]) -> Tally:
    tally = Tally()
    assert list(tally.each(rows)) == rows
    return tally


@given(st.lists(texts, unique=True), classes, st.floats(0, 1))
def test_what_is_written_is_read_whatever_the_names(names: list[str], label: str, confidence: float) -> None:
    votes = (Vote(worker="w", label=label),)
    rows = [labeled(name, label).model_copy(update={"confidence": confidence, "votes": votes}) for name in names]
    text = write_labels(rows)
    assert read_labels(text) == rows
    assert text.isascii()
    assert len(text.splitlines()) == len(rows)


@pytest.mark.parametrize(
    ("fields", "complaint"),
    [
        ({"status": "labeled"}, "needs its labels"),
        ({"status": "labeled", "label": "shut", "labels": ["open"]}, "one of labels"),
        ({"status": "labeled", "label": "", "labels": [""]}, "a label is empty"),
        ({"status": "unlabeled"}, "needs a reason"),
        ({"status": "rejected", "reason": "empty", "label": "open"}, "has no label"),
        ({"status": "lost", "reason": "?"}, "status"),
        ({"status": "unlabeled", "reason": "?", "confidence": 1.5}, "confidence"),
        ({"status": "unlabeled", "reason": "?", "extra": 1}, "extra"),
    ],
)
def test_a_row_that_contradicts_itself_is_refused(fields: dict[str, object], complaint: str) -> None:
    with pytest.raises(ValidationError, match=complaint):
        LabelRow.model_validate({"source": "a.jpg", "source_ref": "s3://b/a.jpg", **fields})


def test_a_label_written_in_two_ways_is_one_class() -> None:
    assert tallied([labeled("a", "caf\u00e9"), labeled("b", "cafe\u0301")]).classes == {"caf\u00e9": 2}


def test_a_byte_order_mark_is_no_obstacle() -> None:
    assert read_labels("\ufeff" + write_labels([labeled()])) == [labeled()]


def test_a_broken_line_is_named_by_file_line_and_field() -> None:
    good = write_labels([labeled()])
    with pytest.raises(InvalidInput, match=r"labels\.jsonl, line 2: status"):
        read_labels(good + '{"source": "b", "source_ref": "s3://b/b", "status": "?"}\n')
    with pytest.raises(InvalidInput, match=r"x, line 1: the line: Invalid JSON"):
        read_labels("{", name="x")


def test_an_object_that_comes_twice_is_refused() -> None:
    with pytest.raises(InvalidInput, match=r"line 2: object 'a\.jpg' comes a second time"):
        read_labels(write_labels([labeled(), labeled()]))


def test_blank_lines_are_no_rows() -> None:
    assert read_labels(f"\n{write_labels([labeled()])}\n\n") == [labeled()]


def test_counts_add_up_and_classes_are_sorted() -> None:
    rejected = LabelRow(source="c", source_ref="s3://b/c", status="rejected", reason="is empty")
    rows = [labeled("a", "shut"), labeled("b", "open"), unlabeled("d"), rejected, labeled("e", "open")]
    tally = tallied(rows)
    counts = tally.counts
    assert (counts.objects, counts.labeled, counts.unlabeled, counts.rejected) == (5, 3, 1, 1)
    assert list(tally.classes.items()) == [("open", 2), ("shut", 1)]


def test_a_multi_label_object_counts_in_each_of_its_classes() -> None:
    row = LabelRow(source="a", source_ref="s3://b/a", status="labeled", labels=("open", "smiling"))
    assert tallied([row]).classes == {"open": 1, "smiling": 1}
