"""The labels of a run: of a file, or the folders in which the files lie."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from pathlib import Path

from augmentation.errors import UsageError
from augmentation.files import lines_of_file, unreadable
from augmentation.input.label_files import LABELS_JSONL, TABLE, ImageFolder, format_of, read_label_set
from augmentation.input.sources import SourceFiles
from domain.errors import InvalidInput
from domain.labels.answers import read_answers
from domain.labels.rows import LABELED, UNLABELED, LabelLines, LabelRow
from domain.rows import GROUP
from domain.text import composed


def load_label_rows(path: Path, files: SourceFiles, folder: Path, group: str | None = None) -> Collection[LabelRow]:
    """The rows of `labels.jsonl`, or of labels in another format (`docs/label-formats.md`) about the files in `folder`.

    `group`: the column that names a file's group; labels that are no table have it as `group`. Rows of `labels.jsonl`
    are made when they are asked for, each time: a hundred thousand of them would take 100 MB.
    """
    try:
        name = format_of(path)
        if group not in (None, GROUP) and name != TABLE:
            raise UsageError(f"{path} is no table: say `splits: {{group: {{column: {GROUP}}}}}`, or give labels as CSV")
        if name == LABELS_JSONL:
            return LabelLines(lines_of_file(path), str(path), files.kept)
        groups = _column(path, group) if group and name == TABLE else {}
    except InvalidInput as error:
        raise UsageError(str(error)) from error
    except (OSError, UnicodeDecodeError) as error:
        raise unreadable(path, "labels", error) from error
    images = ImageFolder(folder, files)
    rows = images.called(read_label_set(path, name, images)).rows
    return [row.model_copy(update={"group": groups.get(composed(row.source))}) for row in rows] if groups else rows


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
