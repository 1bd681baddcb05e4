"""Pascal VOC: an XML file an image. Pixels count from 1, and the last one belongs to the box: the development kit's
documentation, http://host.robots.ox.ac.uk/pascal/VOC/voc2012/htmldoc/devkit_doc.html, "Bounding boxes"."""

from __future__ import annotations

from posixpath import dirname, join, splitext

from domain.errors import InvalidInput
from domain.labels.boxes import BoxLabel
from domain.labels.formats.model import (
    Format,
    LabelFiles,
    LabelSet,
    Size,
    box_at,
    boxed_rows,
    labeled,
    once,
    shown,
)
from domain.labels.formats.xml_tree import Element, read_xml, written
from domain.labels.rows import LabelRow

_FOLDER = "Annotations"


def read(files: LabelFiles) -> LabelSet:
    """An image is called as `filename` says, in the folder in which the XML file lies below `Annotations`."""
    rows: list[tuple[str, LabelRow]] = []
    sizes: dict[str, Size] = {}
    for path in sorted(files.texts):
        root = read_xml(files.texts[path], files.place(path))
        if root.tag != "annotation":
            raise root.fault("<annotation> was expected, as Pascal VOC has it")
        name = _name(root, path)
        rows.append((root.where, labeled(name, [_box(found) for found in root.all("object")])))
        if (size := _size(root)) is not None:
            sizes[name] = size
    return LabelSet(once(rows), sizes)


def _name(root: Element, path: str) -> str:
    name = root.child("filename").text()
    folders = dirname(path).split("/")
    if _FOLDER in folders:
        folders = folders[folders.index(_FOLDER) + 1 :]
    return name if "/" in name else join(*folders, name)


def _size(root: Element) -> Size | None:
    """None where it is missing or 0, as some tools write it."""
    width, height = (root.find("size", side) for side in Size._fields)
    if width is None or height is None:
        return None
    size = Size(int(width.number()), int(height.number()))
    return size if min(size) > 0 else None


def _box(found: Element) -> BoxLabel:
    """Many tools count from 0: their boxes begin a pixel too early, and what is before the image is cut off."""
    sides = found.child("bndbox")
    left, top, right, bottom = (sides.child(side).number() for side in ("xmin", "ymin", "xmax", "ymax"))
    if right < left - 1 or bottom < top - 1:
        raise sides.fault(f"it ends at {right:g}, {bottom:g}, before it begins at {left:g}, {top:g}")
    corners = [(max(0.0, left - 1), max(0.0, top - 1)), (max(0.0, right), max(0.0, bottom))]
    return box_at(found.where, found.child("name").text(), corners)


def write(labels: LabelSet) -> dict[str, str]:
    """`Annotations/`, with an XML file for each image.

    Raises:
        InvalidInput: two images would share a file.
    """
    sources: dict[str, str] = {}
    texts = {}
    for row in boxed_rows(labels):
        path = f"{_FOLDER}/{splitext(row.source)[0]}.xml"
        before = sources.setdefault(path, row.source)
        if before != row.source:
            raise InvalidInput(f"{before} and {row.source} would both have {path}; give one of them another name")
        texts[path] = _document(row, labels.size(row.source))
    return texts


def _document(row: LabelRow, size: Size) -> str:
    folder, name = dirname(row.source), row.source.rpartition("/")[2]
    objects = "".join(map(_object, row.boxes or ()))
    return (
        f"<annotation>\n  <folder>{written(folder)}</folder>\n  <filename>{written(name)}</filename>\n"
        f"  <size><width>{size.width}</width><height>{size.height}</height><depth>3</depth></size>\n"
        f"  <segmented>0</segmented>\n{objects}</annotation>\n"
    )


def _object(box: BoxLabel) -> str:
    sides = {
        "xmin": box.left + 1,
        "ymin": box.top + 1,
        "xmax": box.left + box.width,
        "ymax": box.top + box.height,
    }
    bounds = "".join(f"<{side}>{shown(place)}</{side}>" for side, place in sides.items())
    return (
        f"  <object>\n    <name>{written(box.label)}</name>\n    <pose>Unspecified</pose>\n"
        f"    <truncated>0</truncated>\n    <difficult>0</difficult>\n    <bndbox>{bounds}</bndbox>\n  </object>\n"
    )


FORMAT = Format(read, write, (".xml",))
