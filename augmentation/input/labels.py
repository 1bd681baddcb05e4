"""The labels of a run: of a file, or the folders in which the files lie."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from pathlib import Path

from augmentation.errors import UsageError
from augmentation.files import lines_of_file, read_text, unreadable
from augmentation.input.sources import SourceFiles
from domain.errors import InvalidInput
from domain.labels.answers import LABEL, read_answers
from domain.labels.box_manifest import is_box_manifest, read_box_manifest
from domain.labels.rows import LABELED, UNLABELED, LabelLines, LabelRow
from domain.rows import GROUP
from domain.text import composed


def load_label_rows(path: Path, files: SourceFiles, group: str | None = None) -> Collection[LabelRow]:
    """The rows of `labels.jsonl`, of a box job's manifest or of a table with the columns `file` and `label`.

    `group`: the column that names a file's group; labels that are no table have it as `group`.

    Rows are made when they are asked for, each time: a hundred thousand of them would take 100 MB.
    """
    try:
        if path.suffix.lower() == ".csv":
            return _of_table(path, files, group)
        if group not in (None, GROUP):
            raise UsageError(f"{path} is no table: say `splits: {{group: {{column: {GROUP}}}}}`, or give labels as CSV")
        with path.open(encoding="utf-8") as file:
            boxes = is_box_manifest(file.readline())
        if boxes:
            return read_box_manifest(read_text(path, "labels"), str(path))
        return LabelLines(lines_of_file(path), str(path), files.kept)
    except InvalidInput as error:
        raise UsageError(str(error)) from error
    except (OSError, UnicodeDecodeError) as error:
        raise unreadable(path, "labels", error) from error


def _of_table(path: Path, files: SourceFiles, group: str | None) -> list[LabelRow]:
    answers = _column(path, LABEL)
    groups = _column(path, group) if group else {}
    names = {composed(name): name for name in files.names}
    found = ((names.get(file, file), label, groups.get(file)) for file, label in answers.items())
    return [
        LabelRow(source=name, source_ref=name, status=LABELED, label=label, labels=(label,), group=key)
        for name, label, key in found
    ]


def _column(path: Path, column: str) -> dict[str, str]:
    with path.open(encoding="utf-8", newline="") as lines:
        return read_answers(lines, str(path), column)


def folder_labels(
    folder: Path, files: SourceFiles, endings: tuple[str, ...], loose: str | None
) -> Collection[LabelRow]:
    """Each file's first folder as its class; files in no folder have the class `loose`.

    Raises:
        UsageError: some of them, by their `endings`, are images or clips, and there is no such class.
    """
    if loose is None:
        images = [name for name in files.names if "/" not in name and name.lower().endswith(endings)]
        images = [name for name in images if name not in files.passed_over]
        if images:
            raise UsageError(
                f"--input {folder}: {_few(images)} in no class folder; move what has a class into a folder of that "
                "name, give --labels, or say with --loose-class NAME which class they have"
            )
    return FolderLabels(folder, files, loose)


def _few(names: Sequence[str]) -> str:
    more = f" and {len(names) - 1:,} more lie" if len(names) > 1 else " lies"
    return f"{names[0].encode('utf-8', 'backslashreplace').decode()}{more}"


class FolderLabels(Collection[LabelRow]):
    """Each file's first folder as its class; of files in no folder, `loose`."""

    def __init__(self, folder: Path, files: SourceFiles, loose: str | None = None) -> None:
        self._place = str(folder / "_")[:-1]
        self._files = files
        self._loose = loose
        self._count = sum(map(self._has_label, files.names))

    def __len__(self) -> int:
        return self._count

    def __iter__(self) -> Iterator[LabelRow]:
        return (self._row(name) for name in self._files.names if self._has_label(name))

    def __contains__(self, row: object) -> bool:
        return any(row == own for own in self)

    def _has_label(self, name: str) -> bool:
        return name not in self._files.passed_over and not any("\ud800" <= character <= "\udfff" for character in name)

    def _row(self, source: str) -> LabelRow:
        label = composed(source.split("/", 1)[0]) if "/" in source else self._loose
        if label is None:
            reason = "it lies in no class folder"
            return LabelRow(source=source, source_ref=f"{self._place}{source}", status=UNLABELED, reason=reason)
        return LabelRow(
            source=source, source_ref=f"{self._place}{source}", status=LABELED, label=label, labels=(label,)
        )
