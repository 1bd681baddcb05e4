"""What a version is made of."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field

from domain.errors import KempelenError
from domain.jsonlines import JsonLines
from domain.labels.assisted import Assisted
from domain.labels.rows import LabelRow
from domain.labels.workers import Workers
from domain.report import Usage
from domain.rows import ManifestRow, PartFacts, QuarantineRow, Sample


class InconsistentVersion(KempelenError):  # noqa: N818 - the name that Step Functions shows
    """Parts that do not belong together, two outputs of one name, or a source in two splits."""


@dataclass(frozen=True)
class Part:
    """What one host made: rows of its manifest, its quarantine, samples for the report, and what decided the bytes.

    Rows may come from a file: they are gone through once and not kept.
    """

    rows: Iterable[ManifestRow]
    quarantine: Iterable[QuarantineRow]
    samples: Iterable[Sample]
    facts: PartFacts

    @classmethod
    def from_files(cls, files: Mapping[str, Iterable[str]], part: str) -> Part:
        """From the lines of manifest.jsonl, quarantine.jsonl and samples.jsonl, and the text of part.json."""
        return cls(
            JsonLines(files.get("manifest.jsonl", ()), "manifest.jsonl"),
            JsonLines(files.get("quarantine.jsonl", ()), "quarantine.jsonl"),
            JsonLines(files.get("samples.jsonl", ()), "samples.jsonl"),
            json.loads(part),
        )


@dataclass(frozen=True)
class ParentVersion:
    """The version that this one adds to; `rows` are those of its manifest, `libraries` what made it, if known."""

    version: str
    uri: str
    rows: Iterable[ManifestRow]
    libraries: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class VersionContext:
    """What a version is, besides its rows. `uri` is a folder or an S3 prefix, `created` an ISO 8601 time.

    `labels` are gone through several times. `usage`, the time that it took, goes only into the report: all other files
    depend on the inputs and on nothing else. `seed_given` is what the run was started with, where its own seed may
    derive from it, and `mode` what it adds to the parent (`first` without one). `passed_over` no host was given.
    `workers`, if the labels' run has weighed them, and `assisted`, if it was one in rounds, are for the report too.
    `brought` are the digests of code and background clips that the run brought along, as `dataset.json` names them.
    """

    dataset: str
    version: str
    run_id: str
    uri: str
    created: str
    recipe_text: str
    label_attribute: str
    labels: Collection[LabelRow]
    parent: ParentVersion | None = None
    usage: Usage | None = None
    seed_given: int | None = None
    mode: str | None = None
    brought: Mapping[str, str] = field(default_factory=dict)
    passed_over: Iterable[QuarantineRow] = ()
    workers: Workers | None = None
    assisted: Assisted | None = None


@dataclass(frozen=True)
class VersionSummary:
    """Files in the version, the parent's included, counted by split, export and class."""

    outputs: int
    quarantined: int
    splits: dict[str, int]
    exports: dict[str, int]
    classes: dict[str, int]
    warnings: list[str]
