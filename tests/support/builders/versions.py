"""A version in memory."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from domain import dataset_version
from domain.dataset_version import Part, VersionContext, VersionSummary
from domain.jsonlines import JsonLines


@dataclass(frozen=True)
class AssembledVersion:
    """Texts by file name, in the order in which they were written."""

    files: dict[str, str] = field(default_factory=dict)
    summary: VersionSummary | None = None


def assemble(parts: Sequence[Part], context: VersionContext) -> AssembledVersion:
    files: dict[str, str] = {}

    def write(name: str, pieces: Iterable[str]) -> None:
        files[name] = "".join(pieces)

    return AssembledVersion(files, dataset_version.assemble(parts, context, write))


def part_of(files: Mapping[str, str]) -> Part:
    """From the texts of a part's files."""
    return Part.from_files({name: text.split("\n") for name, text in files.items()}, files["part.json"])


def rows_of(version: AssembledVersion) -> JsonLines:
    """The rows of its manifest, for the version that comes after it."""
    return JsonLines(version.files["manifest.jsonl"].split("\n"), "manifest.jsonl")
