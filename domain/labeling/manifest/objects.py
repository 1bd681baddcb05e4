"""The objects of a run on disk while it is decided whom people are asked for, so that memory does not grow with them.

A temporary database of SQLite, which vanishes with its connection: a million objects take about 0.2 GB of disk.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Iterator
from types import TracebackType
from typing import Literal

from domain.labeling.manifest.input_manifest import SourceObject
from domain.workflow.job_files import ALSO_FOLDER
from domain.workflow.names import digest
from domain.workflow.object_keys import relative_to

State = Literal["accepted", "rejected", "reused", "left out"]
MISSING = "there is no such object below the source prefix"

# `is_file`: a processing job could have it as a file. `line`: where the run's own manifest lists it.
_SCHEMA = """
PRAGMA journal_mode = OFF;
PRAGMA synchronous = OFF;
PRAGMA temp_store = FILE;
PRAGMA cache_size = -8000;
CREATE TABLE objects (
    ref TEXT PRIMARY KEY, etag TEXT, is_file INT, reason TEXT, line INT, given TEXT, state TEXT
) WITHOUT ROWID;
CREATE TABLE etags (ref TEXT PRIMARY KEY, etag TEXT) WITHOUT ROWID;
CREATE TABLE earlier (ref TEXT PRIMARY KEY, row TEXT);
"""


class Objects:
    """A context: leaving it removes everything. Objects are known by their URIs, and by their names below `root`."""

    def __init__(self, root: str) -> None:
        self.root = root
        self._db = sqlite3.connect("")  # a file of its own without a name
        self._db.executescript(_SCHEMA)

    def __enter__(self) -> Objects:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._db.close()

    def add_listed(self, rows: Iterable[tuple[str, str, bool, str, State | None]]) -> None:
        """(URI, ETag, whether a job can have it as a file, why it is rejected, state if it is known) of each object.

        Where one is the folder of others, as `a.jpg` beside `a.jpg/b.jpg`, it gives way.
        """
        self._db.executemany("INSERT INTO objects VALUES (?, ?, ?, ?, NULL, NULL, ?)", rows)
        self._db.execute(
            """UPDATE objects SET reason = ? || substr(ref, ?) || '/' WHERE is_file AND EXISTS (
                SELECT 1 FROM objects AS o WHERE o.is_file AND o.ref > objects.ref || '/' AND o.ref < objects.ref || '0'
            )""",
            (f"{ALSO_FOLDER} ", len("s3://") + self.root[len("s3://") :].index("/") + 2),
        )

    def add_given(
        self,
        rows: Iterable[tuple[int, str, str | None, str, State | None]],
        name: str,
        seen_as: Callable[[str, str | None], str],
    ) -> None:
        """(line, URI, its fields as JSON, why it is rejected, state) of each line of the manifest called `name`; all
        that it does not list is forgotten. `seen_as` makes of an ETag and the fields what tells two of them apart."""
        self._db.create_function("seen_as", 2, seen_as, deterministic=True)
        listed = """UPDATE objects SET line = ?1, given = ?2, etag = seen_as(etag, ?2),
            reason = CASE reason WHEN '' THEN ?3 ELSE reason END WHERE ref = ?4 AND line IS NULL"""
        twice = (
            "UPDATE objects SET reason = 'stands in ' || ? || ' twice, in lines ' || line || ' and ' || ? WHERE ref = ?"
        )
        for line, ref, given, reason, state in rows:
            if self._db.execute(listed, (line, given, reason, ref)).rowcount:
                continue
            if not self._db.execute(twice, (name, line, ref)).rowcount:
                row = (ref, "", False, reason or MISSING, line, None, state)
                self._db.execute("INSERT INTO objects VALUES (?, ?, ?, ?, ?, ?, ?)", row)
        self._db.execute("DELETE FROM objects WHERE line IS NULL")

    def add_earlier(self, etags: Iterable[tuple[str, str]], rows: Iterable[tuple[str, str]]) -> None:
        """(URI, ETag) of what people saw in a run and (URI, line of `labels.jsonl`) of what they labeled of it. Only
        objects that still have the same content are of use; what comes later counts."""
        self._db.execute("DELETE FROM etags")
        self._db.executemany("INSERT OR REPLACE INTO etags VALUES (?, ?)", etags)
        self._db.executemany(
            """INSERT OR REPLACE INTO earlier
            SELECT ref, ?2 FROM objects JOIN etags USING (ref, etag) WHERE ref = ?1""",
            rows,
        )

    def take_over(self, rows: Iterable[tuple[str, str]]) -> None:
        """(URI, line of `labels.jsonl`) of open objects whose label is known: nobody is asked."""
        for ref, row in rows:
            self._db.execute("INSERT OR REPLACE INTO earlier VALUES (?, ?)", (ref, row))
            self._db.execute("UPDATE objects SET state = 'reused' WHERE ref = ?", (ref,))

    def has(self, ref: str) -> bool:
        return self._db.execute("SELECT 1 FROM objects WHERE ref = ?", (ref,)).fetchone() is not None

    def is_open(self, ref: str) -> bool:
        """Whether nothing is decided about it yet."""
        found = self._db.execute("SELECT 1 FROM objects WHERE ref = ? AND state IS NULL", (ref,)).fetchone()
        return found is not None

    def settle(self) -> None:
        """Rejects what has a reason, and of the rest takes what has an earlier label as it is."""
        self._db.execute("UPDATE objects SET state = 'rejected' WHERE state IS NULL AND reason <> ''")
        self._db.execute("UPDATE objects SET state = 'reused' WHERE state IS NULL AND ref IN (SELECT ref FROM earlier)")

    def open(self, seed: int | None = None) -> Iterator[str]:
        """The URIs of which nothing is decided yet, in the order of the manifest or the listing; with a seed in an
        order by chance, in which each object has its place whatever others there are."""
        self._db.create_function("draw", 1, _draw(seed, self.root), deterministic=True)
        order = "line, ref" if seed is None else "draw(ref), ref"
        self._db.execute("DROP TABLE IF EXISTS chosen")
        self._db.execute(f"CREATE TABLE chosen AS SELECT ref FROM objects WHERE state IS NULL ORDER BY {order}")  # noqa: S608
        return (ref for (ref,) in self._db.execute("SELECT ref FROM chosen ORDER BY rowid"))

    def accept(self, refs: Iterable[str]) -> None:
        self._db.executemany("UPDATE objects SET state = 'accepted' WHERE ref = ?", ((ref,) for ref in refs))

    def accept_with(self, ref: str, given: str) -> None:
        """With other fields than before."""
        self._db.execute("UPDATE objects SET state = 'accepted', given = ? WHERE ref = ?", (given, ref))

    def reject(self, ref: str, reason: str) -> None:
        self._db.execute("UPDATE objects SET state = 'rejected', reason = ? WHERE ref = ?", (reason, ref))

    def leave_out_the_rest(self) -> None:
        self._db.execute("UPDATE objects SET state = 'left out' WHERE state IS NULL")

    def given(self, ref: str) -> str | None:
        found: tuple[str | None] = self._db.execute("SELECT given FROM objects WHERE ref = ?", (ref,)).fetchone()
        return found[0]

    def count(self, state: State | None = None) -> int:
        """Of those in this state; None: of which nothing is decided yet."""
        found: tuple[int] = self._db.execute("SELECT count(*) FROM objects WHERE state IS ?", (state,)).fetchone()
        return found[0]

    def accepted(self) -> Iterator[tuple[str, str | None]]:
        """(URI, fields as JSON), in order."""
        return self._db.execute("SELECT ref, given FROM objects WHERE state = 'accepted' ORDER BY line, ref")

    def rejected(self) -> Iterator[SourceObject]:
        found = self._db.execute("SELECT ref, reason FROM objects WHERE state = 'rejected' ORDER BY line, ref")
        return (SourceObject(relative_to(ref, self.root), ref, reason) for ref, reason in found)

    def seen(self) -> Iterator[tuple[str, str]]:
        """(URI, ETag) of what people are asked for or have labeled before."""
        return self._db.execute(
            "SELECT ref, etag FROM objects WHERE state IN ('accepted', 'reused') ORDER BY state, line, ref"
        )

    def reused(self) -> Iterator[str]:
        """Lines of `labels.jsonl`."""
        found = self._db.execute(
            "SELECT row FROM objects JOIN earlier USING (ref) WHERE state = 'reused' ORDER BY line, ref"
        )
        return (row for (row,) in found)


def _draw(seed: int | None, root: str) -> Callable[[str], str]:
    return lambda ref: digest(str(seed), relative_to(ref, root))[:16]
