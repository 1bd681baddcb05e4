"""Label files of any format, as they lie on a disk, beside the images that they are about."""

from __future__ import annotations

import json
import os
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Any

import yaml

from augmentation.errors import BadFile, UsageError
from augmentation.files import read_file, read_text
from augmentation.image.medium import ENDINGS
from augmentation.image.reading.limits import MAX_BYTES
from augmentation.image.reading.size import upright_size
from augmentation.input.sources import SourceFiles
from domain.errors import InvalidInput
from domain.labels.formats.augmented_manifest import is_augmented_manifest
from domain.labels.formats.model import Format, LabelFiles, LabelSet, Size, format_named
from domain.text import composed
from domain.workflow.object_keys import is_hidden, key_problem

_YAML = (".yaml", ".yml")
LABELS_JSONL, TABLE = "kempelen", "csv"


class ImageFolder:
    """The images of a folder. Sizes are read from their headers, when they are asked for."""

    def __init__(self, folder: Path, files: SourceFiles) -> None:
        self._folder = folder
        self._files = files

    @property
    def names(self) -> Collection[str]:
        """What has the ending of an image: other files may lie beside, of the same name but for that."""
        return [name for name in self._files.names if name.lower().endswith(ENDINGS)]

    def size(self, name: str) -> Size:
        try:
            return Size(*upright_size(read_file(self._folder / name, MAX_BYTES)))
        except BadFile as error:
            raise InvalidInput(str(error)) from error
        except OSError as error:
            raise InvalidInput(error.strerror or str(error)) from error

    def called(self, labels: LabelSet) -> LabelSet:
        """The labels with the names that the files have, however their letters are composed; other names stay."""
        files = self._files.names
        names = {composed(name): name for name in files} | {name: name for name in files}
        new = {row.source: names.get(row.source) or names.get(composed(row.source), row.source) for row in labels.rows}
        rows = [row.model_copy(update={"source": new[row.source]}) for row in labels.rows]
        return LabelSet(rows, {new.get(name, name): size for name, size in labels.sizes.items()}, labels.classes)


def read_label_set(path: Path, name: str, images: ImageFolder | None) -> LabelSet:
    """The labels of a file, or a folder, of the format `name`.

    Raises:
        UsageError: it cannot be read; the message says where, and why.
    """
    kind = format_named(name)
    try:
        return kind.read(_of_folder(path, kind, name, images) if kind.suffixes else _of_file(path, name, images))
    except InvalidInput as error:
        raise UsageError(str(error)) from error


def _of_file(path: Path, name: str, images: ImageFolder | None) -> LabelFiles:
    if path.is_dir():
        raise UsageError(f"{path} is a folder, and {name} is one file; give the file")
    return LabelFiles(str(path), {"": read_text(path, "labels")}, images=images)


def _of_folder(path: Path, kind: Format, name: str, images: ImageFolder | None) -> LabelFiles:
    if not path.is_dir():
        raise UsageError(f"{path} is no folder, and {name} is a folder of files; give the folder")
    found = {place: path / place for place in _below(path) if place.lower().endswith(kind.suffixes)}
    for place in found:
        if problem := key_problem(place):
            raise UsageError(f"{path}: the name {place!a} {problem}; give the file another name")
    texts = {place: read_text(file, "labels") for place, file in found.items()}
    loaded = {place: _loaded(texts.pop(place), found[place]) for place in found if place.lower().endswith(_YAML)}
    if not texts:
        raise UsageError(f"{path}: no file in it ends with {' or '.join(kind.suffixes)}; give a folder of {name}")
    return LabelFiles(str(path), texts, loaded, images)


def _below(folder: Path) -> Iterator[str]:
    """Files below it, sorted, without what is hidden."""
    for parent, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if not is_hidden(name))
        inside = Path(parent).relative_to(folder)
        yield from ((inside / name).as_posix() for name in sorted(names) if not is_hidden(name))


def _loaded(text: str, path: Path) -> Any:
    try:
        return yaml.safe_load(text)
    except (yaml.YAMLError, RecursionError) as error:
        raise UsageError(f"{path}: no YAML: {' '.join(str(error).split())}") from error


def format_of(path: Path) -> str:
    """The format of the file or folder, by its ending and how it begins; LABELS_JSONL where nothing else is told.

    Raises:
        UsageError: a folder without label files.
        OSError, UnicodeDecodeError: it cannot be read.
    """
    if path.is_dir():
        return _of_which(path)
    ending = path.suffix.lower()
    if ending in (".csv", ".xml"):
        return {".csv": "csv", ".xml": "cvat"}[ending]
    with path.open(encoding="utf-8") as file:
        first = next((line for line in file if line.strip("\ufeff \t\r\n")), "")
    if is_augmented_manifest(first):
        return "augmented-manifest"
    return _of_json(first.removeprefix("\ufeff")) if ending == ".json" else LABELS_JSONL


def _of_which(folder: Path) -> str:
    endings = {os.path.splitext(place)[1].lower() for place in _below(folder)}
    for ending, name in ((".xml", "pascal-voc"), (".txt", "yolo")):
        if ending in endings:
            return name
    raise UsageError(
        f"{folder}: a folder with labels has .txt files (YOLO) or .xml files (Pascal VOC), and this has none"
    )


def _of_json(first: str) -> str:
    """By the first line: `labels.jsonl` under another name has a row there."""
    if first.lstrip().startswith("["):
        return "label-studio"
    try:
        row = json.loads(first)
    except (ValueError, RecursionError):
        return "coco"
    return LABELS_JSONL if isinstance(row, dict) and {"source", "object"} & row.keys() else "coco"
