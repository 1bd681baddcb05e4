"""A manifest of the user's own, JSON Lines or CSV: which objects are meant, and what it says of each.

A line that cannot be read is an error of the file; an object that people cannot be asked about is rejected by itself.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from domain.errors import InvalidInput
from domain.jsonlines import numbered
from domain.labeling.manifest.input_manifest import line_problem
from domain.task_types import task_type
from domain.task_types.given import given_problem
from domain.task_types.model import TaskType
from domain.task_types.suggested import SUGGESTION
from domain.workflow.inputs import LabelingTask
from domain.workflow.object_keys import relative_to
from domain.workflow.ports import ObjectStore
from domain.workflow.s3_uri import S3Uri
from domain.workflow.states import LabelRun

FILE, SOURCE_REF = "file", "source-ref"
_OF_THE_LINE = (SOURCE_REF, "source", "object")
Row = Mapping[str, Any]


@dataclass(frozen=True)
class Given:
    """One line: the object's URI, its other fields, and why people cannot be asked about it, if so."""

    line: int
    source_ref: str
    fields: dict[str, Any]
    reason: str = ""


def manifest_key(run: LabelRun, store: ObjectStore) -> str | None:
    """Of the run's own manifest, if it has one. Raises InvalidInput: it is not there, or in another bucket."""
    if run.manifest is None:
        return None
    key = run.manifest
    if key.startswith("s3://"):
        key = S3Uri(key).key_in(store.bucket, "manifest")
    if not store.exists(key):
        raise InvalidInput(f"manifest: there is no s3://{store.bucket}/{key}")
    return key


def read_given(lines: Iterable[tuple[int, Row]], name: str, root: str, task: LabelingTask) -> Iterator[Given]:
    """What the rows of the manifest called `name` say of the objects below `root`, whose names may be relative to it.

    A label that is there already, in the task's label attribute, is none of the object's own fields.
    Raises InvalidInput: a line names no object.
    """
    for number, row in lines:
        ref = _ref(row, f"{name}, line {number}", root)
        fields = _fields(row, task_type(task.type), task.label_attribute)
        yield Given(number, ref, fields, _problem(ref, fields, root, task))


def json_rows(lines: Iterable[str], name: str) -> Iterator[tuple[int, Row]]:
    """Raises InvalidInput: a line is no JSON object."""
    for number, line in numbered(_decoded(lines, name)):
        try:
            row = json.loads(line)
        except (ValueError, RecursionError) as error:
            raise InvalidInput(f"{name}, line {number}: not JSON ({error})") from error
        if not isinstance(row, dict):
            raise InvalidInput(f"{name}, line {number}: a JSON object was expected, not {line.strip()[:40]}")
        yield number, row


def csv_rows(lines: Iterable[str], name: str) -> Iterator[tuple[int, dict[str, str]]]:
    """Rows by column, separated by commas, as RFC 4180 has them; their first line names the columns.

    Raises:
        InvalidInput: a row does not fit the columns, or a column has no name or another's.
    """
    reader = csv.reader((f"{line}\n" for line in _decoded(lines, name)), strict=True)
    columns: list[str] = []
    try:
        for values in reader:
            where = f"{name}, line {reader.line_num}"
            if not values:
                continue
            if not columns:
                columns = _columns(values, where)
            elif len(values) != len(columns):
                raise InvalidInput(f"{where}: {len(values)} values for {len(columns)} columns")
            else:
                yield reader.line_num, dict(zip(columns, values, strict=True))
    except csv.Error as error:
        raise InvalidInput(f"{name}, line {reader.line_num}: not CSV ({error})") from error


def _decoded(lines: Iterable[str], name: str) -> Iterator[str]:
    try:
        yield from lines
    except UnicodeDecodeError as error:
        raise InvalidInput(f'{name} is not UTF-8; save it as such (Excel: "CSV UTF-8")') from error


def _columns(values: list[str], where: str) -> list[str]:
    columns = [value.strip() for value in (values[0].removeprefix("\ufeff"), *values[1:])]
    if len(columns) == 1 and ";" in columns[0]:
        raise InvalidInput(f"{where}: columns are separated by commas, not by semicolons; save it so")
    if "" in columns or len(set(columns)) < len(columns):
        raise InvalidInput(f"{where}: each column needs a name of its own, not {columns}")
    return columns


def _ref(row: Row, where: str, root: str) -> str:
    ref = row.get(SOURCE_REF)
    if ref is None and isinstance(row.get(FILE), str) and row[FILE]:
        ref = f"{root}{row[FILE]}"
    if not isinstance(ref, str):
        raise InvalidInput(
            f"{where}: give the object's URI as `{SOURCE_REF}`, or its name below the source prefix as `{FILE}`"
        )
    try:
        ref.encode()
        return S3Uri(ref)
    except ValueError as error:  # UnicodeEncodeError is one
        raise InvalidInput(f"{where}: {SOURCE_REF}: {error}") from error


def _fields(row: Row, kind: TaskType, attribute: str) -> dict[str, Any]:
    """What the task type wants, what is suggested, and other plain values; what Ground Truth has left there of earlier
    jobs stays out."""
    labels = {attribute, *(name.removesuffix("-metadata") for name in row if name.endswith("-metadata"))}
    others = {
        name: value
        for name, value in row.items()
        if (value is None or isinstance(value, (str, int, float)) or name == SUGGESTION)
        and not name.endswith("-metadata")
        and name not in labels
        and name not in (*_OF_THE_LINE, FILE)
    }
    return others | {name: _wanted(row, name) for name in kind.fields if name in row}


def _wanted(row: Row, name: str) -> Any:
    """A label is known by the name of its class, which Ground Truth keeps in the metadata."""
    metadata = row.get(f"{name}-metadata")
    return metadata.get("class-name") if isinstance(metadata, dict) else row.get(name)


def _problem(ref: str, fields: Row, root: str, task: LabelingTask) -> str:
    bucket, kind = S3Uri(root).bucket, task_type(task.type)
    if S3Uri(ref).bucket != bucket:
        return f"lies in another bucket than the data bucket {bucket}; copy it there"
    if relative_to(ref, root) == ref:
        return f"lies outside the source prefix {root}; give source_prefix, or a manifest of what is below it"
    problem = missing_fields(kind, fields) or given_problem(kind.fields, fields, task.labels)
    return problem or line_problem(ref, fields)


def missing_fields(kind: TaskType, fields: Row) -> str:
    """Why people cannot be asked about an object of which no more is said than this; empty where they can."""
    missing = [name for name in kind.fields if fields.get(name) is None]
    return f"a manifest must say its {' and its '.join(missing)}, which {kind.name} asks about" if missing else ""
