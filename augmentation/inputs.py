"""Finds the files of a run and reads labels and the earlier manifest, with errors that a person can act on."""

from __future__ import annotations

import hashlib
import os
from array import array
from collections import ChainMap
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from augmentation.errors import UsageError
from augmentation.recipe_file import explained, read_text
from domain.errors import InvalidInput, InvalidRecipe
from domain.jsonlines import JsonLines, Repeatable
from domain.labels.box_manifest import is_box_manifest, read_box_manifest
from domain.labels.rows import LabelLines, LabelRow
from domain.plan.plan import Known, Plan, make_plan
from domain.recipe import Recipe
from domain.recipe.splits import crossing

NO_FOLDER_LABEL = "unlabeled"


class SourceFile(NamedTuple):
    """Path relative to the input folder with "/" between parts, and size in bytes."""

    source: str
    size: int


class SourceFiles(Iterable[SourceFile]):
    """Files in the order of their names; of each, its name and eight bytes are kept."""

    def __init__(self, files: Iterable[SourceFile] = ()) -> None:
        names: list[str] = []
        sizes = array("Q")
        for name, size in files:
            names.append(name)
            sizes.append(size)
        order = sorted(range(len(names)), key=names.__getitem__)
        self.names = [names[place] for place in order]
        self._sizes = array("Q", map(sizes.__getitem__, order))

    def __len__(self) -> int:
        return len(self.names)

    def __iter__(self) -> Iterator[SourceFile]:
        return map(SourceFile, self.names, self._sizes)


def plan_for(
    path: Path,
    recipe: Recipe,
    rows: Collection[LabelRow],
    seed: int,
    known: Known | None = None,
    groups: Mapping[str, str] | None = None,
    names: Sequence[str] = (),
) -> Plan:
    """The plan of a run; a recipe that does not fit the labels is refused by its file and line.

    So are near-duplicates, `groups`, that an earlier version put into two splits: a source never changes its split.
    `names` as in `make_plan`.
    """
    try:
        plan = make_plan(recipe, rows, seed, known, groups, names)
    except InvalidRecipe as error:
        raise UsageError(explained(path, read_text(path, "recipe"), error)) from error
    splits = ChainMap(plan.splits, plan.known.splits)
    pair = crossing(splits, groups or {})
    if pair:
        raise UsageError(
            f"{pair[0]} is in {splits[pair[0]]} and its near-duplicate {pair[1]} in {splits[pair[1]]}, as the earlier "
            "version has them; take one of them out, make a first version without --known, "
            "or say `splits: {near_duplicates: ignore}`"
        )
    return plan


def find_sources(folder: Path) -> SourceFiles:
    """Every file below `folder`, sorted by name; whether it is an image is found out when it is read."""
    if not folder.is_dir():
        raise UsageError(f"--input {folder}: there is no such folder; give the folder that holds the images")
    return SourceFiles(_walk(folder))


def _walk(folder: Path) -> Iterator[SourceFile]:
    for parent, _, names in os.walk(folder):
        inside = Path(parent).relative_to(folder).as_posix()
        prefix = "" if inside == "." else f"{inside}/"
        for name in names:
            try:
                size = os.stat(os.path.join(parent, name)).st_size
            except OSError:
                size = 0  # a dangling link; reading it will say so
            yield SourceFile(f"{prefix}{name}", size)


def load_label_rows(path: Path | None, folder: Path, names: Sequence[str]) -> Collection[LabelRow]:
    """The rows of `labels.jsonl` or of a box job's manifest; without one, each file's first folder is its class.

    Rows are made when they are asked for, each time: a hundred thousand of them would take 100 MB.
    """
    if path is None:
        return FolderLabels(folder, names)
    try:
        with path.open(encoding="utf-8") as file:
            boxes = is_box_manifest(file.readline())
        if boxes:
            return read_box_manifest(read_text(path, "labels"), str(path))
        return LabelLines(lines_of_file(path), str(path))
    except InvalidInput as error:
        raise UsageError(str(error)) from error
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not UTF-8"
        raise UsageError(f"cannot read the labels {path}: {reason}") from error


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


def lines_of_file(path: Path) -> Repeatable[str]:
    """The lines of a file, as often as they are needed."""
    return Repeatable(lambda: _lines(path))


def _lines(path: Path) -> Iterator[str]:
    with path.open(encoding="utf-8", newline="\n") as file:
        yield from file


def file_digest(path: Path | None) -> str:
    """SHA-256 of a file; of nothing where there is none."""
    digest = hashlib.sha256()
    if path is not None:
        with path.open("rb") as file:
            for chunk in iter(lambda: file.read(1 << 20), b""):
                digest.update(chunk)
    return digest.hexdigest()


def _is_text(name: str) -> bool:
    return not any("\ud800" <= character <= "\udfff" for character in name)


def _row_from_folder(place: str, source: str) -> LabelRow:
    label = source.split("/", 1)[0] if "/" in source else NO_FOLDER_LABEL
    return LabelRow(object=source, source=f"{place}{source}", status="labeled", label=label, labels=(label,))


def load_known(path: Path | None, names: Sequence[str] = ()) -> Known:
    """What an earlier version's manifest says; an empty file or none is no earlier version."""
    if path is None:
        return Known()
    try:
        return Known.from_rows(JsonLines(lines_of_file(path), str(path)), names)
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not UTF-8"
        raise UsageError(f"cannot read the earlier manifest {path}: {reason}") from error
    except (InvalidInput, KeyError, TypeError, ValueError) as error:
        raise UsageError(f"{path} is no manifest.jsonl of a version: {error}") from error
