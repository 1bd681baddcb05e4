"""What a run finds: the objects below its source prefix, those that its own manifest lists, and what is wrong with
each."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from fnmatch import fnmatchcase

from domain.errors import InvalidInput
from domain.labeling.manifest import contents
from domain.labeling.manifest.earlier import seen_as
from domain.labeling.manifest.objects import Objects, State
from domain.labeling.manifest.own_manifest import Row, csv_rows, json_rows, manifest_key, missing_fields, read_given
from domain.task_types import task_type
from domain.task_types.model import TaskType
from domain.workflow.job_files import file_problem, is_marker
from domain.workflow.object_keys import is_hidden, relative_to
from domain.workflow.ports import ListedObject, ObjectStore
from domain.workflow.s3_uri import S3Uri
from domain.workflow.states import LabelRun

MAX_BYTES = 40 * 1024 * 1024
"""Of Ground Truth: https://docs.aws.amazon.com/sagemaker/latest/dg/input-data-limits.html"""


def take_inventory(objects: Objects, run: LabelRun, store: ObjectStore) -> None:
    """Adds each object that the run is about. What a processing job could not read later is rejected here, before
    people are asked about it.

    Raises:
        InvalidInput: the run's manifest is not there, or a line of it cannot be read.
    """
    kind, key = task_type(run.task.type), manifest_key(run, store)
    if key is None:
        add_listing(objects, store.list_objects(run.source_prefix), kind, run.filter)
        return
    name = f"s3://{store.bucket}/{key}"
    rows = _rows(key, name, run, kind, store)
    add_listing(objects, store.list_objects(run.source_prefix), kind, run.filter, listed_elsewhere=True)
    given = read_given(rows, name, objects.root, run.task)
    objects.add_given(
        (
            (
                item.line,
                item.source_ref,
                json.dumps(item.fields) if item.fields else None,
                item.reason,
                _state(relative_to(item.source_ref, objects.root), run.filter),
            )
            for item in given
        ),
        name,
        lambda etag, fields: seen_as(etag, json.loads(fields or "{}"), kind),
    )


def add_listing(
    objects: Objects,
    listing: Iterable[ListedObject],
    kind: TaskType,
    globs: Sequence[str] | None = None,
    *,
    listed_elsewhere: bool = False,
) -> None:
    """Adds what the bucket lists below the root of `objects`. `listed_elsewhere`: a manifest says more of each."""
    root = S3Uri(objects.root)
    missing = "" if listed_elsewhere else missing_fields(kind, {})
    objects.add_listed(
        (
            f"s3://{root.bucket}/{item.key}",
            item.etag,
            not problem,
            problem or _rejection(item, name, kind) or missing,
            _state(name, globs),
        )
        for item in listing
        if not is_marker(item)
        for name, problem in [(relative_to(item.key, root.key), file_problem(item))]
    )


def _state(name: str, globs: Sequence[str] | None) -> State | None:
    return None if globs is None or any(fnmatchcase(name, glob) for glob in globs) else "left out"


def _rejection(item: ListedObject, name: str, kind: TaskType) -> str:
    if is_hidden(name):
        return "is a hidden or system file"
    if not item.key.lower().endswith(kind.endings):
        return f"is not of a kind that this task type takes ({', '.join(kind.endings)})"
    if kind.content != "address":
        most = contents.MAX_BYTES[kind.content]
        return f"has {item.size:,} bytes; a {kind.content} has at most {most:,}" if item.size > most else ""
    if item.size > MAX_BYTES:
        return f"has {item.size / 1024 / 1024:.1f} MB; Ground Truth takes at most {MAX_BYTES // 1024 // 1024} MB"
    return ""


def _rows(key: str, name: str, run: LabelRun, kind: TaskType, store: ObjectStore) -> Iterable[tuple[int, Row]]:
    """The manifest's rows; objects that a CSV file itself holds are written before."""
    if not key.endswith(".csv"):
        return json_rows(store.lines(key), name)
    if not _holds_contents(key, name, kind, store):
        return csv_rows(store.lines(key), name)
    if not run.source_prefix.startswith("raw/"):
        raise InvalidInput(
            f"source_prefix: {name} holds the {kind.content}s themselves; they are written below raw/ only"
        )
    contents.write_missing(_made(key, name, kind, store), run.source_prefix, store)
    return ((item.line, {**item.rest, "file": item.file}) for item in _made(key, name, kind, store))


def _made(key: str, name: str, kind: TaskType, store: ObjectStore) -> Iterator[contents.RowObject]:
    return contents.row_objects(csv_rows(store.lines(key), name), name, kind)


def _holds_contents(key: str, name: str, kind: TaskType, store: ObjectStore) -> bool:
    if kind.content == "text":
        _, first = next(csv_rows(store.lines(key), name), (0, {}))
        return contents.TEXT in first
    return kind.content == "record"
