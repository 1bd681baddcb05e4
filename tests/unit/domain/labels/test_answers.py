"""Answers from a spreadsheet: what is no table is told with its file and line."""

from __future__ import annotations

import pytest

from domain.errors import InvalidInput
from domain.labels.answers import read_answers


def test_the_label_of_each_file_is_read_in_the_tables_order() -> None:
    assert read_answers(["\ufeffFile,Label\n", "b.png,open\n", "\n", "a.png,shut\n"]) == {
        "b.png": "open",
        "a.png": "shut",
    }


@pytest.mark.parametrize(
    ("lines", "told"),
    [
        (["fi\rle,label\n"], "line 1: not CSV"),
        ([f'file,"{"x" * 140_000}"\n'], r"line 1: not CSV \(field larger than field limit"),
        (["file,label\n", "a.png,open\n", "b.png,o\rpen\n"], "line 3: not CSV"),
        ([], "line 1: there is no column file nor label"),
    ],
)
def test_what_is_no_table_is_refused_with_file_and_line(lines: list[str], told: str) -> None:
    with pytest.raises(InvalidInput, match=f"^known.csv, {told}"):
        read_answers(lines, "known.csv")
