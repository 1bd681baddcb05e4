"""CVAT for images 1.1: https://docs.cvat.ai/docs/manual/advanced/xml_format/. Edges of boxes are in pixels, from 0."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

from domain.labels.boxes import BoxLabel
from domain.labels.formats.model import (
    Format,
    LabelFiles,
    LabelSet,
    Size,
    answered,
    box_at,
    labeled_rows,
    once,
    shown,
    tags_of,
)
from domain.labels.formats.xml_tree import Element, quoted, read_xml, written
from domain.labels.rows import LabelRow

Corners = list[tuple[float, float]]


def read(files: LabelFiles) -> LabelSet:
    """Boxes, turned ones as the upright box around them, polygons as theirs, and tags, which are classes of the image.

    Where a file has tags and nothing else, an image without one is unlabeled; else one without anything has no object.
    """
    root = read_xml(files.text, files.name)
    if root.tag != "annotations":
        other = " of Pascal VOC; give the folder of its XML files" if root.tag == "annotation" else ""
        raise root.fault(f"<annotations> was expected, as CVAT for images has it; this is a file{other}")
    if (track := root.find("track")) is not None:
        raise track.fault("this is CVAT for video; export the task as CVAT for images 1.1")
    images = list(root.all("image"))
    shapes = [[child for child in image.children if child.tag != "tag"] for image in images]
    tags = [[tag.attribute("label") for tag in image.all("tag")] for image in images]
    boxes_drawn = any(shapes) or not any(tags)
    rows = [
        (image.where, answered(image.attribute("name"), [_box(one) for one in drawn], named, boxes_drawn=boxes_drawn))
        for image, drawn, named in zip(images, shapes, tags, strict=True)
    ]
    return LabelSet(once(rows), {image.attribute("name"): _size(image) for image in images}, _classes(root))


def _size(image: Element) -> Size:
    width, height = image.number_in("width"), image.number_in("height")
    if width < 1 or height < 1:
        raise image.fault(f"an image of {width:g} x {height:g} pixels")
    return Size(int(width), int(height))


def _classes(root: Element) -> Sequence[str]:
    """Those of the task, the job or the project."""
    for above in ("task", "job", "project"):
        if (labels := root.find("meta", above, "labels")) is not None:
            return tuple(label.child("name").text() for label in labels.all("label"))
    return ()


def _box(shape: Element) -> BoxLabel:
    if shape.tag not in _CORNERS:
        raise shape.fault("only box, polygon and tag are read; delete such shapes, or export them in another format")
    return box_at(shape.where, shape.attribute("label"), _CORNERS[shape.tag](shape))


def _of_box(box: Element) -> Corners:
    """A rotation is in degrees clockwise, about the middle."""
    left, top, right, bottom = (box.number_in(edge) for edge in ("xtl", "ytl", "xbr", "ybr"))
    angle = math.radians(box.number_in("rotation")) if "rotation" in box.attributes else 0.0
    if angle == 0:
        return [(left, top), (right, bottom)]
    middle, cosine, sine = ((left + right) / 2, (top + bottom) / 2), math.cos(angle), math.sin(angle)
    corners = [(x - middle[0], y - middle[1]) for x in (left, right) for y in (top, bottom)]
    return [(middle[0] + x * cosine - y * sine, middle[1] + x * sine + y * cosine) for x, y in corners]


def _of_polygon(polygon: Element) -> Corners:
    corners: Corners = []
    for point in polygon.attribute("points").split(";"):
        try:
            x, y = map(float, point.split(","))
        except ValueError as error:
            raise polygon.fault(f"points: {point!r} is no x,y") from error
        if not math.isfinite(x + y):
            raise polygon.fault(f"points: {point!r} is no x,y")
        corners.append((x, y))
    return corners


_CORNERS: dict[str, Callable[[Element], Corners]] = {"box": _of_box, "polygon": _of_polygon}


def write(labels: LabelSet) -> dict[str, str]:
    rows = labeled_rows(labels)
    names = "".join(f"<label><name>{written(name)}</name><attributes/></label>" for name in labels.index())
    images = "".join(_image(number, row, labels.size(row.source)) for number, row in enumerate(rows))
    meta = f"<meta><task><size>{len(rows)}</size><mode>annotation</mode><labels>{names}</labels></task></meta>"
    return {
        "": '<?xml version="1.0" encoding="utf-8"?>\n'
        f"<annotations>\n<version>1.1</version>\n{meta}\n{images}</annotations>\n"
    }


def _image(number: int, row: LabelRow, size: Size) -> str:
    boxes = "".join(map(_written_box, row.boxes or ()))
    tags = "".join(f'  <tag label={quoted(tag)} source="manual"/>\n' for tag in tags_of(row))
    name = quoted(row.source)
    return f'<image id="{number}" name={name} width="{size.width}" height="{size.height}">\n{boxes}{tags}</image>\n'


def _written_box(box: BoxLabel) -> str:
    edges = {"xtl": box.left, "ytl": box.top, "xbr": box.left + box.width, "ybr": box.top + box.height}
    told = " ".join(f'{edge}="{shown(place)}"' for edge, place in edges.items())
    return f'  <box label={quoted(box.label)} source="manual" occluded="0" {told} z_order="0"/>\n'


FORMAT = Format(read, write)
