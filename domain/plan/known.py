"""What earlier versions hold."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from sys import intern
from typing import Any

IDENTITY_BYTES = 16  # of 32: enough, for an identity is only compared with those of its own source
Counts = tuple[tuple[str, int], ...]


@dataclass(frozen=True)
class Known:
    """What earlier versions hold: split, class, identities, transcript, group and count of outputs by export of each
    source; and of what was mixed, which is of no single class and not counted, seed and the source it was mixed with.

    Kept small, for a version may have a hundred thousand sources: identities as bytes in a row, equal values once.
    """

    splits: dict[str, str] = field(default_factory=dict)
    labels: dict[str, str] = field(default_factory=dict)
    identities: dict[str, bytes] = field(default_factory=dict)
    exports: dict[str, Counts] = field(default_factory=dict)
    transcripts: dict[str, bytes] = field(default_factory=dict)
    groups: dict[str, str] = field(default_factory=dict)
    partners: dict[str, tuple[tuple[int, str], ...]] = field(default_factory=dict)

    @classmethod
    def from_rows(cls, rows: Iterable[Mapping[str, Any]]) -> Known:
        """From the rows of an earlier `manifest.jsonl`."""
        known = cls()
        for row in rows:
            source = row["source"]
            known.splits[source] = intern(row["split"])
            known.labels[source] = intern(row["label"])
            if row.get("transcript") is not None:
                known.transcripts[source] = _digest(row["transcript"])
            if "group" in row:
                known.groups[source] = intern(row["group"])
            if "partner" in row:
                known.partners[source] = (*known.partners.get(source, ()), (row["seed"], intern(row["partner"])))
            else:
                known.exports[source] = _one_more(known.exports.get(source, ()), intern(row["export"]))
            known.identities[source] = known.identities.get(source, b"") + _shortened(row["identity"])
        return known

    def has(self, source: str, identity: str) -> bool:
        """Whether this output is there already."""
        own, sought = self.identities.get(source, b""), _shortened(identity)
        return any(own[start : start + IDENTITY_BYTES] == sought for start in range(0, len(own), IDENTITY_BYTES))

    def partner(self, source: str, seed: int) -> str | None:
        """The source that the outputs of the passage with this seed were mixed with, if any is there."""
        return next((partner for own, partner in self.partners.get(source, ()) if own == seed), None)

    def is_corrected(self, source: str, transcript: str | None) -> bool:
        """Whether this label says something else of what is said in a clip that is there."""
        if transcript is None or source not in self.splits:
            return False
        return self.transcripts.get(source) != _digest(transcript)

    def without(self, sources: Collection[str]) -> Known:
        """With nothing but the split of these: their outputs are out of date."""
        if not sources:
            return self
        gone = frozenset(sources)
        kept = {
            name: {source: value for source, value in getattr(self, name).items() if source not in gone}
            for name in ("labels", "identities", "exports", "partners")
        }
        return replace(self, **kept)


@lru_cache(maxsize=1024)  # gives the same object for the same counts
def _one_more(counts: Counts, export: str) -> Counts:
    return tuple(sorted({**dict(counts), export: dict(counts).get(export, 0) + 1}.items()))


def _digest(transcript: str) -> bytes:
    return hashlib.sha256(transcript.encode("utf-8", "surrogatepass")).digest()[:IDENTITY_BYTES]


def _shortened(identity: str) -> bytes:
    return bytes.fromhex(identity[: 2 * IDENTITY_BYTES])
