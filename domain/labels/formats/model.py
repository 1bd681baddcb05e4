"""What all formats share: files as they are given, labels as they come out, what is refused and what is left out."""

from __future__ import annotations

import importlib
import warnings
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple, Protocol

from pydantic import ValidationError

from domain.errors import InvalidInput
from domain.labels.box_manifest import NO_OBJECT
from domain.labels.boxes import BoxLabel
from domain.labels.rows import LABELED, UNLABELED, LabelRow
from domain.text import composed, counted


class Size(NamedTuple):
    """Of an upright image, in pixels."""

    width: int
    height: int


class Images(Protocol):
    """The images that labels are about, as far as they are at hand."""

    @property
    def names(self) -> Collection[str]: ...

    def size(self, name: str) -> Size:
        """
        Raises:
            InvalidInput: it cannot be read; the message says why, and is a reason without a name.
        """


@dataclass(frozen=True)
class LabelFiles:
    """What a reader gets. `name` is what errors call the file or folder.

    `texts` are by path below the folder; a single file has the path "". `yaml` is what the folder's YAML files hold, by
    path: the domain reads no YAML.
    """

    name: str
    texts: Mapping[str, str]
    yaml: Mapping[str, Any] = field(default_factory=dict)
    images: Images | None = None

    @property
    def text(self) -> str:
        """Of a single file."""
        return self.texts[""]

    def place(self, path: str) -> str:
        return f"{self.name}/{path}"


@dataclass(frozen=True)
class LabelSet:
    """`sizes` by source, as far as they are known; `classes` in the order that the file gives them, if it gives one."""

    rows: Sequence[LabelRow]
    sizes: Mapping[str, Size] = field(default_factory=dict)
    classes: Sequence[str] = ()

    def size(self, source: str) -> Size:
        """
        Raises:
            InvalidInput: nobody knows it.
        """
        if source not in self.sizes:
            raise InvalidInput(
                f"the size of {source} is not known, and this format needs it: give --images, the folder"
            )
        return self.sizes[source]

    def index(self) -> dict[str, int]:
        """The number of each class, from 0: those of the file in its order, then others by name."""
        told = {label for row in self.rows for label in row.labels if label != NO_OBJECT}
        boxed = {box.label for row in self.rows for box in row.boxes or ()}
        names = dict.fromkeys([*map(composed, self.classes), *sorted(told | boxed)])
        return {name: number for number, name in enumerate(names)}


@dataclass(frozen=True)
class Format:
    """`suffixes` are those of the files in its folder; a format that is one file has none. `write` gives texts as
    `LabelFiles` has them.

    Both raise InvalidInput, the reader with file and line, element or JSON path, and the reason.
    """

    read: Callable[[LabelFiles], LabelSet]
    write: Callable[[LabelSet], dict[str, str]]
    suffixes: tuple[str, ...] = ()


def format_named(name: str) -> Format:
    """One of NAMES."""
    found: Format = importlib.import_module(f"{__package__}.{name.replace('-', '_')}").FORMAT
    return found


def box_at(where: str, label: str, edges: Iterable[tuple[float, float]]) -> BoxLabel:
    """The upright box around points, in hundredths of a pixel.

    Raises:
        InvalidInput: the label is empty.
    """
    xs, ys = zip(*edges, strict=True)
    left, top = min(xs), min(ys)
    return box_of(where, label, (left, top, max(xs) - left, max(ys) - top))


def box_of(where: str, label: str, sides: Sequence[float]) -> BoxLabel:
    """A box by left, top, width and height, in hundredths of a pixel.

    Raises:
        InvalidInput: the label is empty, or no text that can be written; or a side is negative.
    """
    if not label.strip():
        raise InvalidInput(f"{where}: the box has no class")
    left, top, width, height = (round(side, 2) for side in sides)
    if width < 0 or height < 0:
        raise InvalidInput(f"{where}: the box is {width:g} wide and {height:g} high; neither can be below 0")
    try:
        return BoxLabel(label=label, left=left, top=top, width=width, height=height)
    except ValidationError as error:
        raise InvalidInput(f"{where}: the class {label!a}: {error.errors()[0]['msg']}") from error


def labeled(
    source: str, boxes: Sequence[BoxLabel] | None, tags: Iterable[str] = (), source_ref: str = "", **more: Any
) -> LabelRow:
    """A row with its boxes and classes; `tags` are classes of the whole image. An empty list of boxes says that there
    is no object; with no boxes and no tags it is refused by the row itself."""
    named = {composed(tag) for tag in tags} | {box.label for box in boxes or ()}
    labels = tuple(sorted(named)) or ((NO_OBJECT,) if boxes is not None else ())
    return LabelRow(
        source=source,
        source_ref=source_ref or source,
        status=LABELED,
        label=labels[0] if len(labels) == 1 else None,
        labels=labels,
        boxes=None if boxes is None else tuple(boxes),
        **more,
    )


def unlabeled(source: str, reason: str, source_ref: str = "") -> LabelRow:
    return LabelRow(source=source, source_ref=source_ref or source, status=UNLABELED, reason=reason)


def answered(
    source: str, boxes: Sequence[BoxLabel], tags: Sequence[str], *, boxes_drawn: bool, source_ref: str = "", **more: Any
) -> LabelRow:
    """A row of a format that holds both boxes and classes of whole images. `boxes_drawn`: the file has boxes at all;
    then nothing means that there is no object, else that the image was given no class."""
    if boxes_drawn or tags:
        return labeled(source, boxes if boxes_drawn else None, tags, source_ref, **more)
    return unlabeled(source, "it was given no class", source_ref)


def once(rows: Iterable[tuple[str, LabelRow]]) -> list[LabelRow]:
    """The rows; beside each stands where it was read.

    Raises:
        InvalidInput: an object comes twice.
    """
    places: dict[str, str] = {}
    found = []
    for where, row in rows:
        if row.source in places:
            raise InvalidInput(f"{where}: {row.source!r} comes a second time; the first stands at {places[row.source]}")
        places[row.source] = where
        found.append(row)
    return found


def tags_of(row: LabelRow) -> list[str]:
    """The classes that no box of it tells."""
    told = {box.label for box in row.boxes or ()}
    if row.boxes is not None:
        told.add(NO_OBJECT)
    return [label for label in row.labels if label not in told]


def labeled_rows(labels: LabelSet) -> list[LabelRow]:
    """The rows that a format of other tools can hold; of what is left out, a warning tells.

    Raises:
        InvalidInput: transcripts or reviewed records would be lost.
    """
    for row in labels.rows:
        if row.transcript is not None or row.record is not None:
            what = "transcript" if row.record is None else "reviewed record"
            raise InvalidInput(f"{row.source} has a {what}, which only labels.jsonl (kempelen) keeps")
    without = [row for row in labels.rows if row.status != LABELED]
    if without:
        first = f"{without[0].source}: {without[0].reason}"
        warnings.warn(f"{counted(len(without), 'object')} without a label left out ({first})", stacklevel=2)
    return [row for row in labels.rows if row.status == LABELED]


def boxed_rows(labels: LabelSet) -> list[LabelRow]:
    """The same for a format that holds boxes and nothing else.

    Raises:
        InvalidInput: an image has a class that no box tells; it would be lost.
    """
    rows = labeled_rows(labels)
    for row in rows:
        if tags := tags_of(row):
            raise InvalidInput(
                f"{row.source} has the class {tags[0]!r} without a box, and this format holds boxes only; "
                "csv, cvat, label-studio and kempelen keep both"
            )
    return rows


def within(box: BoxLabel, size: Size, source: str) -> tuple[float, float, float, float]:
    """Left, top, right and bottom of what the image shows of the box, for formats with shares of the image.

    Raises:
        InvalidInput: it shows nothing.
    """
    left, right = max(0.0, box.left), min(float(size.width), box.left + box.width)
    top, bottom = max(0.0, box.top), min(float(size.height), box.top + box.height)
    if left > right or top > bottom:
        raise InvalidInput(
            f"{source}: the box {box.label!r} at {box.left:g}, {box.top:g} lies outside of the image, which has "
            f"{size.width} x {size.height} pixels"
        )
    return left, top, right, bottom


def shown(value: float) -> int | float:
    """Without a point where it is whole."""
    return int(value) if value == int(value) else round(value, 2)
