"""The rows of a version on disk: they are sorted, counted and compared there, so memory does not grow with them.

A temporary database of SQLite, which vanishes with its connection: a million rows take about a gigabyte of disk.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Collection, Iterable, Iterator
from types import TracebackType
from typing import Any

from domain.dataset_version.changes import Changes
from domain.dataset_version.label import Label, told_by
from domain.dataset_version.model import InconsistentVersion
from domain.jsonlines import Repeatable, dump_line
from domain.labels.boxes import boxes_digest
from domain.labels.rows import LabelRow, class_of
from domain.rows import ClassFacts, ManifestRow, QuarantineRow

_SCHEMA = """
PRAGMA journal_mode = OFF;
PRAGMA synchronous = OFF;
PRAGMA temp_store = FILE;
PRAGMA cache_size = -4000;
CREATE TABLE rows (
    version TEXT, path TEXT, source TEXT, split TEXT, label TEXT, names TEXT, export TEXT,
    boxed INT, sharded INT, said INT, held INT, mixed INT, line TEXT
);
CREATE TABLE labels (
    source TEXT PRIMARY KEY, status TEXT, reason TEXT, class TEXT, digest TEXT, told TEXT
) WITHOUT ROWID;
CREATE TABLE quarantine (source TEXT, stage TEXT, reason TEXT, line TEXT);
"""


class Table:
    """A context: leaving it removes everything."""

    def __init__(self) -> None:
        self._db = sqlite3.connect("")  # a file of its own without a name
        self._db.executescript(_SCHEMA)
        self._several = False

    def __enter__(self) -> Table:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._db.close()

    def add_labels(self, rows: Collection[LabelRow]) -> None:
        self._several = any(len(row.labels) > 1 for row in rows)
        self._db.executemany(
            "INSERT INTO labels VALUES (?, ?, ?, ?, ?, ?)",
            (
                (
                    row.source,
                    row.status,
                    row.reason,
                    class_of(row),
                    None if row.boxes is None else boxes_digest(row.boxes),
                    json.dumps(told_by(row)),
                )
                for row in rows
            ),
        )

    def label(self, source: str) -> Label | None:
        found = self._db.execute(
            "SELECT status, class, digest, told FROM labels WHERE source = ?", (source,)
        ).fetchone()
        if found is None:
            return None
        status, name, digest, text = found
        told = json.loads(text)
        if not self._several:
            told.pop("labels")
        return Label(status, name, digest, told)

    def add(self, rows: Iterable[ManifestRow]) -> None:
        self._db.executemany(
            "INSERT INTO rows VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                (
                    row["version"],
                    row["path"],
                    row["source"],
                    row["split"],
                    row["label"],
                    json.dumps(row.get("labels") or [row["label"], *_mixed_with(row)]),
                    row["export"],
                    "boxes" in row,
                    "shard" in row,
                    "transcript" in row,
                    "fields" in row,
                    "partner" in row,
                    dump_line(row),
                )
                for row in rows
            ),
        )
        self._db.execute("CREATE INDEX IF NOT EXISTS by_path ON rows (version, path)")
        self._db.execute("CREATE INDEX IF NOT EXISTS by_source ON rows (source, split)")

    def changes(self, version: str) -> Changes:
        """Of `version`, since the one whose rows it is told of."""
        return Changes(self._db, version)

    def check(self) -> None:
        """
        Raises:
            InconsistentVersion: two outputs have one name, or a source stands in two splits.
        """
        twice = self._db.execute(
            "SELECT path, COUNT(*) AS times FROM rows GROUP BY version, path "
            "HAVING times > 1 ORDER BY times DESC, path LIMIT 1"
        ).fetchone()
        if twice:
            path, times = twice
            raise InconsistentVersion(
                f"{times} outputs have the name {path}; rename one of their sources and run again"
            )
        crossing = self._db.execute(
            "SELECT source, MIN(split), MAX(split) FROM rows GROUP BY source HAVING MIN(split) <> MAX(split) LIMIT 1"
        ).fetchone()
        if crossing:
            source, one, other = crossing
            raise InconsistentVersion(f"{source!r} is in {one} and in {other}; a source has one split")

    def unmixed_rows(self) -> Iterator[ManifestRow]:
        """In the order of versions and paths, as all that follow."""
        return self._rows("SELECT line FROM rows WHERE NOT mixed ORDER BY version, path")

    def mixed_rows(self) -> Iterator[ManifestRow]:
        """Those of two images and two classes; all others have the class that their row says."""
        return self._rows("SELECT line FROM rows WHERE mixed ORDER BY version, path")

    def rows_of_split(self, split: str) -> Iterator[ManifestRow]:
        """The unmixed ones."""
        return self._rows("SELECT line FROM rows WHERE split = ? AND NOT mixed ORDER BY version, path", split)

    def rows_with_boxes(self) -> Iterator[ManifestRow]:
        return self._rows("SELECT line FROM rows WHERE boxed ORDER BY version, path")

    def rows_with_boxes_of_split(self, split: str) -> Iterator[ManifestRow]:
        return self._rows("SELECT line FROM rows WHERE boxed AND split = ? ORDER BY version, path", split)

    def rows_with_transcript_of_split(self, split: str) -> Iterator[ManifestRow]:
        return self._rows("SELECT line FROM rows WHERE said AND split = ? ORDER BY version, path", split)

    def rows_of_records(self) -> Iterator[ManifestRow]:
        return self._rows("SELECT line FROM rows WHERE held ORDER BY version, path")

    def rows_of_records_of_split(self, split: str) -> Iterator[ManifestRow]:
        return self._rows("SELECT line FROM rows WHERE held AND split = ? ORDER BY version, path", split)

    def new_rows(self, version: str) -> Iterable[ManifestRow]:
        """Those that this version adds; as often as they are gone through."""
        query = "SELECT line FROM rows WHERE version = ? ORDER BY version, path"
        return Repeatable(lambda: self._rows(query, version))

    def lines(self) -> Iterator[str]:
        """All rows as lines of `manifest.jsonl`."""
        return (f"{line}\n" for (line,) in self._db.execute("SELECT line FROM rows ORDER BY version, path"))

    def has_shards(self) -> bool:
        return bool(self._value("SELECT EXISTS (SELECT 1 FROM rows WHERE sharded)"))

    def has_boxes(self) -> bool:
        return bool(self._value("SELECT EXISTS (SELECT 1 FROM rows WHERE boxed)"))

    def has_mixed(self) -> bool:
        return bool(self._value("SELECT EXISTS (SELECT 1 FROM rows WHERE mixed)"))

    def mixed_outputs(self) -> int:
        return int(self._value("SELECT COUNT(*) FROM rows WHERE mixed"))

    def outputs(self) -> int:
        return int(self._value("SELECT COUNT(*) FROM rows"))

    def new_outputs(self, version: str) -> int:
        return int(self._value("SELECT COUNT(*) FROM rows WHERE version = ?", version))

    def sources(self) -> int:
        return int(self._value("SELECT COUNT(DISTINCT source) FROM rows"))

    def outputs_by_split(self) -> dict[str, int]:
        return self._counts("SELECT split, COUNT(*) FROM rows GROUP BY split ORDER BY split")

    def sources_by_split(self) -> dict[str, int]:
        return self._counts("SELECT split, COUNT(DISTINCT source) FROM rows GROUP BY split ORDER BY split")

    def outputs_by_export(self) -> dict[str, int]:
        return self._counts("SELECT export, COUNT(*) FROM rows GROUP BY export ORDER BY export")

    def outputs_by_class(self) -> dict[str, int]:
        return self._counts("SELECT label, SUM(NOT mixed) FROM rows GROUP BY label ORDER BY label")

    def classes(self) -> dict[str, ClassFacts]:
        """Sources and unmixed outputs of each class, in all and in the training split, in the order of the names."""
        query = """
            SELECT label, COUNT(DISTINCT source), SUM(NOT mixed),
                COUNT(DISTINCT CASE WHEN split = 'train' THEN source END), SUM(split = 'train' AND NOT mixed)
            FROM rows GROUP BY label ORDER BY label
        """
        return {
            label: {
                "sources": sources,
                "outputs": outputs,
                "training_sources": training_sources,
                "training_outputs": training_outputs,
            }
            for label, sources, outputs, training_sources, training_outputs in self._db.execute(query)
        }

    def class_names(self) -> list[str]:
        """Of the single labels, where an object has several; and of what is mixed, both."""
        return sorted(
            {name for (names,) in self._db.execute("SELECT DISTINCT names FROM rows") for name in json.loads(names)}
        )

    def quarantine(self, rows: Iterable[QuarantineRow], no_file: str, labeled: str) -> Quarantine:
        """The hosts' rows, and one for each object of the labels that no host has seen: `no_file` if it is labeled."""
        insert = "INSERT INTO quarantine VALUES (?, ?, ?, ?)"
        self._db.executemany(insert, ((row["source"], row["stage"], row["reason"], dump_line(row)) for row in rows))
        self._db.execute("CREATE INDEX rejected ON quarantine (source)")
        unseen = self._db.execute(
            "SELECT source, status, reason FROM labels "
            "WHERE NOT EXISTS (SELECT 1 FROM rows WHERE rows.source = labels.source) "
            "AND NOT EXISTS (SELECT 1 FROM quarantine WHERE quarantine.source = labels.source) ORDER BY source"
        )
        missing = (
            {"source": source, "stage": "label", "reason": no_file if status == labeled else f"{status}: {reason}"}
            for source, status, reason in unseen.fetchall()
        )
        self._db.executemany(insert, ((row["source"], row["stage"], row["reason"], dump_line(row)) for row in missing))
        return Quarantine(self._db)

    def _rows(self, query: str, *values: str) -> Iterator[ManifestRow]:
        return (json.loads(line) for (line,) in self._db.execute(query, values))

    def _counts(self, query: str) -> dict[str, int]:
        return dict(self._db.execute(query).fetchall())

    def _value(self, query: str, *values: str) -> Any:
        return self._db.execute(query, values).fetchone()[0]


def _mixed_with(row: ManifestRow) -> list[str]:
    return [soft["label"] for soft in row.get("soft_labels", ()) if soft["label"] != row["label"]]


class Quarantine(Collection[QuarantineRow]):
    """The files that are not in the version, in the order of their names."""

    def __init__(self, database: sqlite3.Connection) -> None:
        self._db = database

    def __len__(self) -> int:
        return int(self._db.execute("SELECT COUNT(*) FROM quarantine").fetchone()[0])

    def __iter__(self) -> Iterator[QuarantineRow]:
        return (json.loads(line) for (line,) in self._lines())

    def __contains__(self, row: object) -> bool:
        return any(row == own for own in self)

    def lines(self) -> Iterator[str]:
        return (f"{line}\n" for (line,) in self._lines())

    def _lines(self) -> sqlite3.Cursor:
        return self._db.execute("SELECT line FROM quarantine ORDER BY source, reason")
