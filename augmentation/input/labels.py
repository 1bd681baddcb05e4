"""The labels of a run: of a file, or the folders in which the files lie."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from pathlib import Path

from augmentation.errors import UsageError
from augmentation.files import lines_of_file, read_text, unreadable
from augmentation.input.sources import SourceFiles
from domain.errors import InvalidInput
from domain.labels.box_manifest import is_box_manifest, read_box_manifest
from domain.labels.rows import LabelLines, LabelRow

NO_FOLDER_LABEL = "unlabeled"


def load_label_rows(path: Path | None, folder: Path, files: SourceFiles) -> Collection[LabelRow]:
    """The rows of `labels.jsonl` or of a box job's manifest; without one, each file's first folder is its class.

    Rows are made when they are asked for, each time: a hundred thousand of them would take 100 MB.
    """
    if path is None:
        return FolderLabels(folder, files.names)
    try:
        with path.open(encoding="utf-8") as file:
            boxes = is_box_manifest(file.readline())
        if boxes:
            return read_box_manifest(read_text(path, "labels"), str(path))
        return LabelLines(lines_of_file(path), str(path), files.kept)
    except InvalidInput as error:
        raise UsageError(str(error)) from error
    except (OSError, UnicodeDecodeError) as error:
        raise unreadable(path, "labels", error) from error


class FolderLabels(Collection[LabelRow]):
    """Each file's first folder as its class."""

    def __init__(self, folder: Path, names: Sequence[str]) -> None:
        self._place = str(folder / "_")[:-1]
        self._names = names
        self._count = sum(map(_is_text, names))

    def __len__(self) -> int:
        return self._count

    def __iter__(self) -> Iterator[LabelRow]:
        return (_row_from_folder(self._place, name) for name in self._names if _is_text(name))

    def __contains__(self, row: object) -> bool:
        return any(row == own for own in self)


def _is_text(name: str) -> bool:
    return not any("\ud800" <= character <= "\udfff" for character in name)


def _row_from_folder(place: str, source: str) -> LabelRow:
    label = source.split("/", 1)[0] if "/" in source else NO_FOLDER_LABEL
    return LabelRow(source=source, source_ref=f"{place}{source}", status="labeled", label=label, labels=(label,))
