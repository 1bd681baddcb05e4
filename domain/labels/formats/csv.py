"""CSV: `file,label`; with boxes `file,label,left,top,width,height`, a line a box, in pixels.

In a table with boxes, a line whose four cells are empty gives the whole image a class; the class "no object" says that
somebody looked and found nothing.
"""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Mapping, Sequence

from domain.errors import InvalidInput
from domain.labels.answers import read_answers
from domain.labels.box_manifest import NO_OBJECT
from domain.labels.boxes import BoxLabel
from domain.labels.formats.model import Format, LabelFiles, LabelSet, box_of, labeled, labeled_rows, shown, tags_of
from domain.labels.rows import LabelRow
from domain.text import composed

SIDES = ("left", "top", "width", "height")
COLUMNS = ("file", "label", *SIDES)


def read(files: LabelFiles) -> LabelSet:
    if set(_header(files)).isdisjoint(SIDES[:2]):  # width and height may be those of the image
        answers = read_answers(_lines_of(files), files.name)
        return LabelSet([labeled(file, None, [label]) for file, label in answers.items()])
    return LabelSet(_with_boxes(files))


def _lines_of(files: LabelFiles) -> io.StringIO:
    return io.StringIO(files.text.removeprefix("\ufeff"), newline="")


def _header(files: LabelFiles) -> list[str]:
    try:
        return [column.strip().lower() for column in next(csv.reader(_lines_of(files)), [])]
    except csv.Error as error:
        raise InvalidInput(f"{files.name}, line 1: {error}") from error


def _with_boxes(files: LabelFiles) -> list[LabelRow]:
    header = _header(files)
    if missing := [column for column in COLUMNS if column not in header]:
        raise InvalidInput(
            f"{files.name}, line 1: there is no column {' nor '.join(missing)}; the first line is {','.join(COLUMNS)}"
        )
    boxes: dict[str, list[BoxLabel]] = {}
    tags: dict[str, list[str]] = {}
    reader = csv.DictReader(_lines_of(files), header, restval="")
    try:
        next(reader, None)
        for row in reader:
            cells = {column: composed(row[column].strip()) for column in COLUMNS}
            if any(cells.values()):
                _take(cells, f"{files.name}, line {reader.line_num}", boxes, tags)
    except csv.Error as error:
        raise InvalidInput(f"{files.name}, line {reader.line_num}: {error}") from error
    return [labeled(file, boxes.get(file), named) for file, named in tags.items()]


def _take(cells: Mapping[str, str], where: str, boxes: dict[str, list[BoxLabel]], tags: dict[str, list[str]]) -> None:
    """Puts a line where it belongs; every file gets an entry in `tags`."""
    file, label = cells["file"], cells["label"]
    if not file or not label:
        raise InvalidInput(f"{where}: the {'label' if file else 'file'} is missing")
    named = tags.setdefault(file, [])
    sides = [cells[side] for side in SIDES]
    if any(sides):
        boxes.setdefault(file, []).append(box_of(where, label, [_number(side, where) for side in sides]))
    elif label == NO_OBJECT:
        boxes.setdefault(file, [])
    else:
        named.append(label)


def _number(cell: str, where: str) -> float:
    try:
        number = float(cell)
    except ValueError:
        number = math.nan
    if not math.isfinite(number):
        raise InvalidInput(f"{where}: {cell!r} is no number of pixels; a box has left, top, width and height")
    return number


def write(labels: LabelSet) -> dict[str, str]:
    """`file,label` where that is all there is."""
    rows = labeled_rows(labels)
    plain = all(row.boxes is None and row.label is not None for row in rows)
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(COLUMNS[:2] if plain else COLUMNS)
    for row in rows:
        writer.writerows([[row.source, row.label]] if plain else _lines(row))
    return {"": text.getvalue()}


def _lines(row: LabelRow) -> Sequence[Sequence[str | int | float]]:
    boxes = [
        (row.source, box.label, *map(shown, (box.left, box.top, box.width, box.height))) for box in row.boxes or ()
    ]
    named = [*tags_of(row), *([NO_OBJECT] if row.boxes == () else [])]
    return [*boxes, *((row.source, label, "", "", "", "") for label in named)]


FORMAT = Format(read, write)
