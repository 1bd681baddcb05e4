"""The earlier version that a run adds to."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from augmentation.errors import UsageError
from augmentation.files import lines_of_file, unreadable
from augmentation.input.sources import SourceFiles
from domain.errors import InvalidInput
from domain.jsonlines import JsonLines
from domain.plan.known import Known
from domain.rows import ManifestRow


def load_known(path: Path | None, files: SourceFiles) -> Known:
    """What an earlier version's manifest says; an empty file or none is no earlier version."""
    if path is None:
        return Known()
    try:
        return Known.from_rows(_rows(path, files))
    except (OSError, UnicodeDecodeError) as error:
        raise unreadable(path, "earlier manifest", error) from error
    except (InvalidInput, KeyError, TypeError, ValueError) as error:
        raise UsageError(f"{path} is no manifest.jsonl of a version: {error}") from error


def _rows(path: Path, files: SourceFiles) -> Iterator[ManifestRow]:
    for row in JsonLines[ManifestRow](lines_of_file(path), str(path)):
        row["source"] = files.kept(row["source"])
        yield row
