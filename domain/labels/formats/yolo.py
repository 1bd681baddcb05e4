"""YOLO: a text a image, a line a box, in shares of the image: https://docs.ultralytics.com/datasets/detect/.

A line is `class x y width height`, x and y of the box's middle; or, of a segmentation, `class x1 y1 x2 y2 x3 y3 …`, of
which the box around it is taken. Classes are numbers, whose names stand in `data.yaml` or `classes.txt`.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from posixpath import basename, splitext

from domain.errors import InvalidInput
from domain.labels.boxes import BoxLabel
from domain.labels.formats.model import (
    Format,
    Images,
    LabelFiles,
    LabelSet,
    Size,
    box_at,
    boxed_rows,
    labeled,
    once,
    unlabeled,
    within,
)
from domain.labels.rows import LabelRow
from domain.text import composed

CLASS_FILES = ("classes.txt", "obj.names")
_LISTS = ("train.txt", "val.txt", "valid.txt", "test.txt")  # of images, beside the folders
_LABELS, _IMAGES = "labels", "images"
_ROUNDING = 0.001  # tools write a little less than 0 or more than 1 for a box at the edge


def read(files: LabelFiles) -> LabelSet:
    """A row for each text; one without lines has no object. Images without a text have no row.

    A text that belongs to no image, or to one whose size cannot be read, gives a row without a label, with the reason.
    """
    if files.images is None:
        raise InvalidInput(
            f"{files.name}: YOLO counts in shares of the image; give --images, the folder with the images"
        )
    classes = _classes(files)
    by_stem = _Stems(files.images)
    sizes: dict[str, Size] = {}
    rows = once(
        (files.place(path), _row(files, path, classes, by_stem, sizes)) for path in sorted(_label_files(files.texts))
    )
    return LabelSet(rows, sizes, tuple(classes.values()))


def _label_files(texts: Mapping[str, str]) -> Iterator[str]:
    """Where there is a folder `labels`, those in it."""
    paths = [path for path in texts if path.endswith(".txt")]
    inside = [path for path in paths if _LABELS in path.split("/")[:-1]]
    return iter(inside) if inside else (path for path in paths if path not in (*CLASS_FILES, *_LISTS))


class _Stems:
    """Images by their path without its ending."""

    def __init__(self, images: Images) -> None:
        self.images = images
        self._names: dict[str, list[str]] = {}
        for name in images.names:
            self._names.setdefault(composed(splitext(name)[0]), []).append(name)

    def image_of(self, path: str, where: str) -> str | None:
        """Beside the text, or in the folder `images` where it is in `labels`, or without both.

        Raises:
            InvalidInput: several images have the name.
        """
        stem = composed(splitext(path)[0])
        for candidate in (stem, _moved(stem, _IMAGES), _moved(stem, "")):
            found = self._names.get(candidate, ())
            if len(found) > 1:
                raise InvalidInput(f"{where}: it may be of {found[0]} or of {found[1]}; give one of them another name")
            if found:
                return found[0]
        return None


def _moved(stem: str, folder: str) -> str:
    """With the last `labels` of the path as `folder`."""
    parts = stem.split("/")
    for place in range(len(parts) - 2, -1, -1):
        if parts[place] == _LABELS:
            return "/".join([*parts[:place], *filter(None, [folder]), *parts[place + 1 :]])
    return stem


def _row(files: LabelFiles, path: str, classes: Mapping[int, str], by_stem: _Stems, sizes: dict[str, Size]) -> LabelRow:
    where = files.place(path)
    name = by_stem.image_of(path, where)
    if name is None:
        return unlabeled(_moved(splitext(path)[0], ""), f"{where} belongs to no image of the folder with the images")
    try:
        size = by_stem.images.size(name)
    except InvalidInput as error:
        return unlabeled(name, f"its size cannot be read: {error}")
    sizes[name] = size
    lines = enumerate(files.texts[path].removeprefix("\ufeff").splitlines(), start=1)
    return labeled(
        name, [_box(line, f"{where}, line {number}", classes, size) for number, line in lines if line.split()]
    )


def _box(line: str, where: str, classes: Mapping[int, str], size: Size) -> BoxLabel:
    number, *rest = line.split()
    if not number.isdecimal() or int(number) not in classes:
        raise InvalidInput(f"{where}: there is no class {number}; {_shown(classes)}")
    shares = [_share(value, where) for value in rest]
    if len(shares) != 4 and (len(shares) < 6 or len(shares) % 2):
        raise InvalidInput(
            f"{where}: class, x, y, width and height were expected, or a class and x and y of three corners or more, "
            f"not {len(rest) + 1} values"
        )
    corners = list(zip(shares[::2], shares[1::2], strict=True))
    if len(shares) == 4:
        (x, y), (width, height) = corners
        corners = [(x - width / 2, y - height / 2), (x + width / 2, y + height / 2)]
    edges = [(_inside(x) * size.width, _inside(y) * size.height) for x, y in corners]
    return box_at(where, classes[int(number)], edges)


def _share(text: str, where: str) -> float:
    try:
        value = float(text)
    except ValueError as error:
        raise InvalidInput(f"{where}: {text!r} is no number") from error
    if not -_ROUNDING <= value <= 1 + _ROUNDING:
        raise InvalidInput(f"{where}: {text} is no share of the image, 0 to 1; YOLO does not count in pixels")
    return value


def _inside(share: float) -> float:
    return min(1.0, max(0.0, share))


def _shown(classes: Mapping[int, str]) -> str:
    return f"the classes are {min(classes)} to {max(classes)}" if classes else "data.yaml or classes.txt names none"


def _classes(files: LabelFiles) -> dict[int, str]:
    """
    Raises:
        InvalidInput: there are none, or not as they should be.
    """
    for path, content in sorted(files.yaml.items()):
        if isinstance(content, dict) and "names" in content:
            return _in_yaml(content["names"], files.place(path))
    for path in sorted(files.texts):
        if basename(path) in CLASS_FILES:
            lines = files.texts[path].removeprefix("\ufeff").splitlines()
            if names := [line.strip() for line in lines if line.strip()]:
                return dict(enumerate(names))
    raise InvalidInput(
        f"{files.name}: the classes have no names; put a data.yaml with `names`, or a classes.txt, into it"
    )


def _in_yaml(names: object, where: str) -> dict[int, str]:
    numbered = dict(enumerate(names)) if isinstance(names, list) else names
    if not isinstance(numbered, dict):
        raise InvalidInput(f"{where}: names: a list of classes, or numbers with their classes, was expected")
    for number, name in numbered.items():
        if not isinstance(number, int) or not isinstance(name, (str, int)) or not str(name).strip():
            raise InvalidInput(f"{where}: names: {str(number)[:40]!a} is no number with the name of a class")
    return {number: str(name) for number, name in numbered.items()}


def write(labels: LabelSet) -> dict[str, str]:
    """`labels/`, with a text for each image, and `data.yaml`, which expects the images in `images/`.

    Raises:
        InvalidInput: two images would share a text.
    """
    index = labels.index()
    texts: dict[str, str] = {"data.yaml": _data_yaml(index)}
    sources: dict[str, str] = {}
    for row in boxed_rows(labels):
        path = f"{_LABELS}/{splitext(row.source)[0]}.txt"
        before = sources.setdefault(path, row.source)
        if before != row.source:
            raise InvalidInput(f"{before} and {row.source} would both have {path}; give one of them another name")
        texts[path] = _lines(row.boxes or (), row.source, labels.size(row.source), index)
    return texts


def _lines(boxes: Sequence[BoxLabel], source: str, size: Size, index: Mapping[str, int]) -> str:
    lines = []
    for box in boxes:
        left, top, right, bottom = within(box, size, source)
        shares = (
            (left + right) / 2 / size.width,
            (top + bottom) / 2 / size.height,
            (right - left) / size.width,
            (bottom - top) / size.height,
        )
        lines.append(" ".join([str(index[box.label]), *(f"{share:.6f}" for share in shares)]) + "\n")
    return "".join(lines)


def _data_yaml(index: Mapping[str, int]) -> str:
    """Splits are not told by labels: both are all images, until somebody divides them. Without `path`, folders are
    those beside the file."""
    names = "".join(f"  {number}: {_quoted(name)}\n" for name, number in index.items())
    return f"train: {_IMAGES}\nval: {_IMAGES}\nnames:{f'{chr(10)}{names}' if names else ' {}' + chr(10)}"


def _quoted(name: str) -> str:
    """As YAML's text in double quotes: JSON's, but of every character that is not printed, its number."""
    quoted = json.dumps(name, ensure_ascii=False)
    return "".join(character if character.isprintable() else f"\\U{ord(character):08x}" for character in quoted)


FORMAT = Format(read, write, (".txt", ".names", ".yaml", ".yml"))
