"""Encoded outputs on their way to files and rows: several are written together.

Right after an encoding, a file and its row take twice as long: pixels have filled the processor's caches.
"""

from __future__ import annotations

import hashlib
from collections import deque
from pathlib import Path
from typing import NamedTuple, cast

from augmentation.files import EXTENSIONS, write_output
from augmentation.run.result import SourceResult
from augmentation.run.resume import take_back
from domain.plan.identity import DATA, MIXED, class_folder, output_name
from domain.plan.plan import Plan
from domain.recipe import Output
from domain.rows import ManifestRow, Measures, Mixed, SampleOutput, StepRecord

HELD_BYTES = 1_000_000


class Encoded(NamedTuple):
    """An output as bytes. `fields` of its row, and `shown` in the report's sample, only its pixels or samples tell.

    `mixed`, of two images, is told of no other output.
    """

    output: Output
    format: str
    data: bytes
    steps: tuple[StepRecord, ...]
    seed: int
    identity: str
    fields: Measures
    shown: SampleOutput | None
    mixed: Mixed | None = None


class WriteBuffer:
    """Writes the outputs of one source after the other; a source's result is whole after `write`."""

    def __init__(self, plan: Plan, folder: Path, *, shards: bool) -> None:
        self._plan = plan
        self._folder = folder
        self._shards = shards
        self._held: deque[tuple[str, SourceResult, Encoded]] = deque()
        self._size = 0

    def put(self, source: str, result: SourceResult, encoded: Encoded) -> None:
        """Takes one output of the source, to be written with others; at most a megabyte waits."""
        self._held.append((source, result, encoded))
        self._size += len(encoded.data)
        if self._size >= HELD_BYTES:
            self.write()

    def write(self) -> None:
        """Writes what waits, and adds to each result its row, and its file's bytes where shards are written.

        Raises:
            OSError: a file cannot be written whole.
        """
        while self._held:
            source, result, encoded = self._held[0]
            row = self._row(source, encoded)
            if self._shards:
                result.files.append(encoded.data)
            else:
                write_output(f"{self._folder}/{row['path']}", encoded.data)
            result.rows.append(row)
            if encoded.shown is not None and result.sample is not None:
                shown = _shown(row, encoded.shown)
                if self._shards:
                    del shown["path"]  # its place in a shard is known later, and no page can show it
                result.sample["outputs"].append(shown)
            self._held.popleft()
        self._size = 0

    def take_back(self, rows: list[ManifestRow]) -> None:
        """Forgets what waits of the result with these rows, and removes what is written of it."""
        self._held = deque(held for held in self._held if held[1].rows is not rows)
        take_back(self._folder, rows)

    def _row(self, source: str, encoded: Encoded) -> ManifestRow:
        chain, variant, identity = encoded.output.chain, encoded.output.variant, encoded.identity
        label, split, export = self._plan.classes[source], self._plan.splits[source], chain.export.export
        folder = "" if self._plan.several else f"{class_folder(label)}/"  # a loader would take several labels for one
        top = DATA
        if encoded.mixed:
            top, folder = MIXED, ""  # a loader takes a folder for a class
        name = output_name(source, export, variant, identity, EXTENSIONS[encoded.format])
        row: ManifestRow = {
            "source": source,
            "path": f"{top}/{split}/{folder}{name}",
            "split": split,
            "label": label,
            "export": export,
            "variant": variant,
            "steps": list(encoded.steps),
            "seed": encoded.seed,
            "sha256": hashlib.sha256(encoded.data).hexdigest(),
            "identity": identity,
        }
        if source in self._plan.groups:
            row["group"] = self._plan.groups[source]
        return cast(ManifestRow, {**row, **encoded.fields, **(encoded.mixed or {})})


def _shown(row: ManifestRow, picture: SampleOutput) -> SampleOutput:
    return {
        "path": row["path"],
        "seed": row["seed"],
        "sha256": row["sha256"],
        "export": row["export"],
        "variant": row["variant"],
        "steps": row["steps"],
        **picture,
    }
