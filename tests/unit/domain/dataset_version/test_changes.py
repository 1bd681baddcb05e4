"""What a version has otherwise than the one before, where its labels say more than a class."""

from __future__ import annotations

import json
import sqlite3
from typing import Any

from domain.dataset_version.changes import Changes
from domain.dataset_version.table import Table
from domain.labels.boxes import BoxLabel, boxes_digest
from domain.labels.rows import LabelRow

BOX = BoxLabel(label="cat", left=0, top=0, width=4, height=4)


def any_row(source: str, **fields: Any) -> dict[str, Any]:
    path = f"data/train/open/{source}"
    return {"source": source, "path": path, "split": "train", "label": "open", "export": "small", **fields}


def changed(label: dict[str, Any], **before: Any) -> list[dict[str, Any]]:
    """Of one source, whose row in the earlier version has these fields."""
    told = {"status": "labeled", "label": "cat", "labels": ("cat",), **label}
    with Table() as table:
        table.add_labels([LabelRow(source="a.jpg", source_ref="s3://b/a.jpg", **told)])
        changes = table.changes("v2")
        changes.note({**any_row("a.jpg", label="cat"), **before}, left_out=True)
        return [dict(row) for row in changes.rows() if row["change"] == "corrected"]


def test_a_corrected_transcript_is_told_with_both_texts() -> None:
    assert changed({"transcript": "hello there"}, transcript="hello") == [
        {"source": "a.jpg", "change": "corrected", "what": "transcript", "before": "hello", "after": "hello there"}
    ]


def test_moved_boxes_are_told_without_their_numbers() -> None:
    moved = BOX.model_copy(update={"left": 9.0})
    told = {"source": "a.jpg", "change": "corrected", "what": "boxes"}
    assert changed({"boxes": (moved,)}, boxes_digest=boxes_digest([BOX])) == [told]


def test_a_record_that_is_reviewed_otherwise_is_told_by_its_name() -> None:
    verdict = {"verdict": "accept", "value": 1}
    found = changed({"record": {"x": verdict}}, record={"x": {"verdict": "correct", "value": 2}})
    assert found == [{"source": "a.jpg", "change": "corrected", "what": "record"}]


def test_files_are_counted_by_the_thousands_in_one_row_a_source() -> None:
    database = sqlite3.connect("")
    changes = Changes(database, "v2")
    for number in range(3_000):
        changes.note(any_row(f"{number % 10}.jpg"), left_out=number % 10 == 3)
    found = database.execute("SELECT source, files, left FROM before WHERE left").fetchall()
    assert found == [("3.jpg", 300, 300)]
    assert database.execute("SELECT COUNT(*), SUM(files) FROM before").fetchone() == (10, 3_000)


def test_what_is_mixed_anew_as_its_partner_was_corrected_is_made_again_and_not_added() -> None:
    """One of two mixed files is made anew; the file of another export, and of a third variant, are added."""
    mixed = any_row("a.jpg", export="mixed", partner="b.jpg")
    with Table() as table:
        changes = table.changes("v2")
        changes.note(any_row("a.jpg"), left_out=False)
        changes.note(mixed, left_out=False, remixed=True)
        changes.note(mixed, left_out=False)
        table.add([{**row, "version": "v2"} for row in (mixed, mixed, any_row("a.jpg", export="new"))])
        found = changes.facts("v1")
    assert (found["made_again_outputs"], found["added_outputs"]) == (1, 2)


def test_lines_are_json() -> None:
    with Table() as table:
        changes = table.changes("v2")
        table.add([{**any_row("ä.jpg"), "version": "v2"}])
        (line,) = changes.lines()
    assert json.loads(line) == {"source": "ä.jpg", "change": "new", "after": "open"}
