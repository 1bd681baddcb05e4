"""`labels`: label files of one tool become those of another. Nothing is overwritten, and all is written or nothing."""

from __future__ import annotations

import argparse
import os
import shutil
import warnings
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from domain.labels.formats import NAMES
from domain.text import counted

if TYPE_CHECKING:
    from augmentation.input.label_files import ImageFolder
    from domain.labels.formats.model import LabelSet, Size


def add_labels_command(commands: Any) -> None:
    about = "Reads labels in one format and writes them in another. docs/label-formats.md says what each of them holds."
    command = commands.add_parser(
        "labels",
        help="turn label files of one tool into those of another",
        description=about,
        epilog=f"Formats: {', '.join(NAMES)}.",
    )
    add = command.add_argument
    about = "what to read; pascal-voc and yolo are folders, the others one file"
    add("--from", dest="origin", nargs=2, required=True, metavar=("FORMAT", "PATH"), help=about)
    about = "what to write; there must be nothing at PATH yet"
    add("--to", dest="target", nargs=2, required=True, metavar=("FORMAT", "PATH"), help=about)
    about = "folder with the images: YOLO needs it to be read, and formats that tell no sizes to become one that does"
    add("--images", type=Path, metavar="DIR", help=f"{about} [default: of yolo, its own folder]")


def convert(options: argparse.Namespace) -> tuple[int, Path]:
    """How many objects were written, and where.

    Raises:
        UsageError: something cannot be read, or not be told in the other format; then nothing was written.
    """
    from augmentation.errors import UsageError
    from augmentation.input.label_files import read_label_set
    from domain.errors import InvalidInput
    from domain.labels.formats.model import format_named

    (origin, path), (target, to) = options.origin, options.target
    output = Path(to).absolute()
    for option, name in (("--from", origin), ("--to", target)):
        if name not in NAMES:
            raise UsageError(f"{option} {name}: there is no such format; the formats are {', '.join(NAMES)}")
    _refuse_existing(output)
    own = Path(path) if origin == "yolo" and Path(path).is_dir() else None
    images = _images(options.images or own)
    labels = read_label_set(Path(path), origin, images)
    try:
        if options.images is not None and images is not None:
            labels = _measured(images.called(labels), images)
        texts = format_named(target).write(labels)
    except InvalidInput as error:
        raise UsageError(f"{path} as {target}: {error}; nothing was written") from error
    _write(output, texts)
    return len(labels.rows), Path(to)


def said_of(written: int, output: Path) -> str:
    return f"{counted(written, 'object')} in {output}"


def _refuse_existing(output: Path) -> None:
    from augmentation.errors import UsageError

    if output.exists() and not (output.is_dir() and not any(output.iterdir())):
        raise UsageError(f"--to: {output} is there already, and labels are never overwritten; give another name")


def _images(folder: Path | None) -> ImageFolder | None:
    from augmentation.errors import UsageError
    from augmentation.input.label_files import ImageFolder
    from augmentation.input.sources import find_sources

    if folder is None:
        return None
    if not folder.is_dir():
        raise UsageError(f"--images {folder}: there is no such folder; give the one that holds the images")
    return ImageFolder(folder, find_sources(folder))


def _measured(labels: LabelSet, images: ImageFolder) -> LabelSet:
    """With the sizes that the images themselves have.

    Raises:
        InvalidInput: the labels tell another size: their boxes are of another image, or of one that lies on its side.
    """
    from domain.errors import InvalidInput
    from domain.labels.formats.model import LabelSet

    names, sizes = set(images.names), dict(labels.sizes)
    gone = [row.source for row in labels.rows if row.source not in names]
    if gone:
        warnings.warn(f"{counted(len(gone), 'object')} not among the images ({gone[0]})", stacklevel=2)
    for row in labels.rows:
        if row.source not in names:
            continue
        size = _size(images, row.source)
        told = sizes.setdefault(row.source, size)
        if told != size:
            raise InvalidInput(
                f"{row.source}: the labels are of an image of {told.width} x {told.height} pixels, and it has "
                f"{size.width} x {size.height}, upright; make the labels anew, or give the images that they are about"
            )
    return LabelSet(labels.rows, sizes, labels.classes)


def _size(images: ImageFolder, name: str) -> Size:
    from domain.errors import InvalidInput

    try:
        return images.size(name)
    except InvalidInput as error:
        raise InvalidInput(f"{name}: its size cannot be read: {error}") from error


def _write(output: Path, texts: Mapping[str, str]) -> None:
    """A folder is made beside, then renamed.

    Raises:
        UsageError: a name would leave the folder.
    """
    from augmentation.files import write_file

    if texts.keys() == {""}:
        write_file(output, texts[""].encode())
        return
    _refuse_names(texts)
    beside = output.with_name(f".{output.name}.part")
    shutil.rmtree(beside, ignore_errors=True)
    try:
        for path, text in texts.items():
            write_file(beside / path, text.encode())
        os.replace(beside, output)  # an empty folder may be there
    except BaseException:
        shutil.rmtree(beside, ignore_errors=True)
        raise


def _refuse_names(texts: Mapping[str, str]) -> None:
    from augmentation.errors import UsageError
    from domain.workflow.object_keys import key_problem

    for path in texts:
        if problem := key_problem(path):
            raise UsageError(f"{path} cannot be the name of a file: it {problem}; nothing was written")
