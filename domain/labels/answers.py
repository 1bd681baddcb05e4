"""Labels as a table: CSV with the columns `file` and `label`, as people have them from a spreadsheet."""

from __future__ import annotations

import csv
from collections.abc import Iterable

from domain.errors import InvalidInput
from domain.text import composed

FILE, LABEL = "file", "label"


def read_answers(lines: Iterable[str], name: str = "answers.csv", column: str = LABEL) -> dict[str, str]:
    """What the column says by file (both in composed form), in the order of the table; others are passed over.

    Raises:
        InvalidInput: a column is missing, a row has no file or no label, or two rows give one file two labels; the
            message gives the line.
    """
    wanted = (FILE, column.strip().lower())
    reader = csv.reader(_without_mark(lines))
    answers: dict[str, str] = {}
    try:
        places = _places([column.strip().lower() for column in next(reader, [])], wanted, name)
        for row in reader:
            if not any(cell.strip() for cell in row):
                continue
            file, label = (composed(row[place].strip()) if place < len(row) else "" for place in places)
            if not file or not label:
                raise InvalidInput(f"{name}, line {reader.line_num}: the {wanted[1] if file else FILE} is missing")
            if answers.setdefault(file, label) != label:
                raise InvalidInput(
                    f"{name}, line {reader.line_num}: {file} is {label!r} here and {answers[file]!r} above; "
                    "leave one of the lines"
                )
    except csv.Error as error:
        raise InvalidInput(f"{name}, line {max(reader.line_num, 1)}: not CSV ({error})") from error
    return answers


def _places(header: list[str], wanted: tuple[str, ...], name: str) -> list[int]:
    if len(header) == 1 and ";" in header[0]:
        raise InvalidInput(f"{name}, line 1: columns are separated by commas, not by semicolons; save it so")
    if missing := [one for one in wanted if one not in header]:
        first = ",".join(dict.fromkeys((FILE, LABEL, *wanted)))
        raise InvalidInput(f"{name}, line 1: there is no column {' nor '.join(missing)}; the first line is {first}")
    return [header.index(one) for one in wanted]


def _without_mark(lines: Iterable[str]) -> Iterable[str]:
    """Spreadsheets put a byte order mark before the first name."""
    for number, line in enumerate(lines):
        yield line.removeprefix("\ufeff") if number == 0 else line
