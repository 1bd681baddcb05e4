"""Tables as label rows."""

from __future__ import annotations

import pytest

from domain.errors import InvalidInput
from domain.labels.formats.model import LabelSet, format_named, labeled
from tests.support.builders.label_files import box, read

TABLE = """\ufefffile,label,Left,top,width,height,by
"a, b.jpg",cat,1,2.5,30,40,Ann
"a, b.jpg",dog,0,0,5,6,Ann

c.jpg,no object,,,,,Bob
d.jpg,night,,,,,Bob
"""


def test_a_table_may_have_boxes() -> None:
    first, empty, night = read("csv", TABLE).rows
    assert (first.source, first.boxes) == ("a, b.jpg", (box("cat", 1, 2.5, 30, 40), box("dog", 0, 0, 5, 6)))
    assert (empty.label, empty.boxes) == ("no object", ())
    assert (night.label, night.boxes) == ("night", None)


def test_a_table_may_have_classes_alone() -> None:
    [row] = read("csv", "file,label,width,height\na.jpg,cat,640,480\n").rows
    assert (row.source, row.label, row.boxes) == ("a.jpg", "cat", None)


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("a.jpg,cat,1,2,3,", "line 2: '' is no number of pixels; a box has left, top, width and height"),
        ("a.jpg,cat,1,2,3", "line 2: '' is no number"),
        ("a.jpg,cat,1,2,3,inf", "line 2: 'inf' is no number"),
        ("a.jpg,,1,2,3,4", "line 2: the label is missing"),
        (",cat,1,2,3,4", "line 2: the file is missing"),
    ],
)
def test_a_line_that_does_not_fit_is_named(line: str, message: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        read("csv", f"file,label,left,top,width,height\n{line}\n")
    assert str(caught.value).startswith(f"mine, {message}")


def test_a_table_with_half_of_a_box_is_refused() -> None:
    with pytest.raises(InvalidInput, match="mine, line 1: there is no column width nor height"):
        read("csv", "file,label,left,top\na,b,1,2\n")


def test_classes_alone_are_written_in_two_columns_and_everything_else_in_six() -> None:
    write = format_named("csv").write
    assert write(LabelSet([labeled("a,b.jpg", None, ["cat"])]))[""] == 'file,label\r\n"a,b.jpg",cat\r\n'
    rows = [labeled("a", [box("cat", 1, 2, 3.25, 4)], ["night"]), labeled("b", None, ["x", "y"]), labeled("c", [])]
    text = write(LabelSet(rows))[""]
    assert text.split("\r\n")[1:3] == ["a,cat,1,2,3.25,4", "a,night,,,,"]
    assert read("csv", text).rows == rows
