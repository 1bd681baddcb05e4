"""What a version has that the version before had not, source by source: in the same database as its rows."""

from __future__ import annotations

import json
import sqlite3
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from typing import Any, cast

from domain.jsonlines import Repeatable, dump_line
from domain.labels.rows import LABELED
from domain.rows import ChangeRow, ManifestRow, RenamedClass, SinceFacts

_SCHEMA = """
CREATE TABLE before (
    source TEXT PRIMARY KEY, label TEXT, boxes TEXT, transcript TEXT, record TEXT, files INT, left INT, remixed INT
) WITHOUT ROWID;
"""
_NOTE = """
INSERT INTO before VALUES (?, ?, ?, ?, ?, 1, ?, ?)
ON CONFLICT (source) DO UPDATE
SET files = files + 1, left = left + excluded.left, remixed = remixed + excluded.remixed
"""
_NEW = "SELECT DISTINCT source, label FROM rows WHERE source NOT IN (SELECT source FROM before) ORDER BY source"
_CORRECTED = """
SELECT source, before.label, boxes, transcript, record, class, digest, told FROM before JOIN labels USING (source)
WHERE left > 0 ORDER BY source
"""
_WITHDRAWN = """
SELECT source, before.label, status, reason FROM before JOIN labels USING (source) WHERE status <> ? ORDER BY source
"""
_MADE_AGAIN = """
SELECT TOTAL(CASE WHEN left THEN made ELSE MIN(made_mixed, remixed) END) FROM (
    SELECT COUNT(*) AS made, SUM(mixed) AS made_mixed, before.left, remixed
    FROM rows JOIN before USING (source) WHERE version = ? GROUP BY source
)
"""
_GONE = "SELECT source, label FROM before WHERE source NOT IN (SELECT source FROM rows) ORDER BY source"
_CLASSES = "SELECT label, class, COUNT(*) FROM before JOIN labels USING (source) WHERE left > 0 GROUP BY label, class"


class Changes:
    """`note` each row of the earlier version first; the rest is asked when all rows of `version` are in the table."""

    def __init__(self, database: sqlite3.Connection, version: str) -> None:
        self._db, self._version = database, version
        self._db.executescript(_SCHEMA)

    def note(self, row: ManifestRow, *, left_out: bool, remixed: bool = False) -> None:
        """`left_out`: its label has been corrected; `remixed`: that of the image that it is mixed with has."""
        record = row.get("record")
        values = (row["source"], row["label"], row.get("boxes_digest"), row.get("transcript"))
        told = None if record is None else json.dumps(record, sort_keys=True)
        self._db.execute(_NOTE, (*values, told, left_out, remixed and not left_out))

    def facts(self, parent: str) -> SinceFacts:
        """Counts of sources, and of files: kept, made again as a label was corrected, the source's own or that of
        what it is mixed with, and added."""
        kinds = Counter(row["change"] for row in self._rows())
        new = self._value("SELECT COUNT(*) FROM rows WHERE version = ?", self._version)
        again = self._value(_MADE_AGAIN, self._version)
        return {
            "version": parent,
            "new_sources": kinds["new"],
            "corrected_sources": kinds["corrected"],
            "withdrawn_sources": kinds["withdrawn"],
            "gone_sources": kinds["gone"],
            "renamed_classes": self._renamed(),
            "kept_outputs": self._value("SELECT COUNT(*) FROM rows WHERE version <> ?", self._version),
            "made_again_outputs": again,
            "added_outputs": new - again,
        }

    def rows(self) -> Iterable[ChangeRow]:
        """New, corrected, withdrawn and gone sources, each kind in the order of the names; as often as they are gone
        through."""
        return Repeatable(self._rows)

    def lines(self) -> Iterator[str]:
        """`changes.jsonl`."""
        return (f"{dump_line(row)}\n" for row in self._rows())

    def _rows(self) -> Iterator[ChangeRow]:
        for source, label in self._db.execute(_NEW):
            yield {"source": source, "change": "new", "after": label}
        for source, *values in self._db.execute(_CORRECTED):
            yield from _corrected(source, *values)
        for source, label, status, reason in self._db.execute(_WITHDRAWN, (LABELED,)):
            yield {"source": source, "change": "withdrawn", "before": label, "why": f"{status}: {reason}"}
        for source, label in self._db.execute(_GONE):
            yield {"source": source, "change": "gone", "before": label}

    def _renamed(self) -> list[RenamedClass]:
        """Classes of the earlier version that no source has now, all of whose corrected sources have one class."""
        now = {name for (name,) in self._db.execute("SELECT DISTINCT label FROM rows")}
        before = {name for (name,) in self._db.execute("SELECT DISTINCT label FROM before")}
        after = defaultdict[str, dict[str, int]](dict)
        for label, name, count in self._db.execute(_CLASSES):
            after[label][name] = count
        found = {name: next(iter(after[name])) for name in sorted(before - now) if len(after[name]) == 1}
        into = Counter(found.values())
        return [
            {"before": name, "after": to, "sources": after[name][to], "merged": to in before or into[to] > 1}
            for name, to in found.items()
            if name != to
        ]

    def _value(self, query: str, *values: str) -> int:
        return int(self._db.execute(query, values).fetchone()[0])


def _corrected(
    source: str, label: str, boxes: str | None, transcript: str | None, record: str | None, *now: Any
) -> Iterator[ChangeRow]:
    """One row for each thing that the label says otherwise: its class, else its transcript, its boxes or its record."""
    name, digest, told = now
    after = json.loads(told)
    changed: dict[str, tuple[str | None, str | None]] = {}
    if label != name:
        changed["class"] = (label, name)
    if after.get("transcript", transcript) != transcript:
        changed["transcript"] = (transcript, after.get("transcript"))
    if boxes != digest:
        changed["boxes"] = (None, None)
    if "record" in after and json.dumps(after["record"], sort_keys=True) != record:
        changed["record"] = (None, None)
    what, (was, is_now) = next(iter(changed.items()), ("class", (label, name)))
    row = {"source": source, "change": "corrected", "what": what, "before": was, "after": is_now}
    yield cast(ChangeRow, {key: value for key, value in row.items() if value is not None})
