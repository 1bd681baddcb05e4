"""Bounding boxes follow the pixels: corners are mapped, the shape is clipped to the image, its hull is the new box.

Clipping before taking the hull is what makes a turned box that sticks out of the image as tight as its pixels are.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from math import isfinite

import cv2

from augmentation.errors import BadImage
from augmentation.image.frame import Box, Frame, LabeledBox, Pixels
from augmentation.image.kernels.cut import Region
from augmentation.image.kernels.warp import Matrix
from domain.labels.boxes import BoxLabel
from domain.rows import BoxRow

Point = tuple[float, float]


def with_boxes(frame: Frame, labels: Sequence[BoxLabel]) -> Frame:
    """The decoded frame with the photo's boxes, which are in pixels of the full size.

    Raises:
        BadImage: a box has no size, or lies outside of the photo.
    """
    width, height = frame.box.width * frame.reduction, frame.box.height * frame.reduction
    placed = []
    for label in labels:
        sides = (label.left, label.top, label.width, label.height)
        if not all(map(isfinite, sides)) or label.width <= 0 or label.height <= 0:
            shown = ", ".join(f"{side:g}" for side in sides)
            raise BadImage(f"the box {label.label!r} has no size (left, top, width, height: {shown})")
        left, top = max(0.0, label.left), max(0.0, label.top)
        right, bottom = min(width, label.left + label.width), min(height, label.top + label.height)
        if right <= left or bottom <= top:
            raise BadImage(
                f"the box {label.label!r} at {label.left:g}, {label.top:g} lies outside of the image, which has "
                f"{width:g} x {height:g} pixels; boxes are in pixels of the full-size, upright image"
            )
        x, y = frame.box.left + left / frame.reduction, frame.box.top + top / frame.reduction
        box = Box(x, y, (right - left) / frame.reduction, (bottom - top) / frame.reduction)
        placed.append(LabeledBox(label.label, box))
    return frame._replace(boxes=tuple(placed))


def warped(boxes: Iterable[LabeledBox], matrix: Matrix, width: int, height: int) -> tuple[LabeledBox, ...]:
    """After a map of pixel middles onto an image of width x height."""
    moved = []
    for one in boxes:
        # The matrix speaks of middles of pixels; an edge lies half a pixel before them.
        corners = (matrix.moved(x - 0.5, y - 0.5) for x, y in _corners(one.box))
        moved.append(_seen(one, [(x + 0.5, y + 0.5) for x, y in corners], width, height))
    return tuple(one for one in moved if one is not None)


def cut_out(boxes: Iterable[LabeledBox], region: Region) -> tuple[LabeledBox, ...]:
    """After a part of the image became an image of its own."""
    left, top, width, height = region.box
    across, down = region.width / width, region.height / height
    moved = []
    for one in boxes:
        shape = [((x - left) * across, (y - top) * down) for x, y in _corners(one.box)]
        moved.append(_seen(one, shape, region.width, region.height))
    return tuple(one for one in moved if one is not None)


def rows(boxes: Iterable[LabeledBox], width: int, height: int, min_visible: float) -> list[BoxRow]:
    """For the manifest, in whole pixels; without those of which too little is visible."""
    found: list[BoxRow] = []
    for label, box, visible in boxes:
        if visible < min_visible:
            continue
        left, top = min(width - 1, round(box.left)), min(height - 1, round(box.top))
        right = min(width, max(left + 1, round(box.left + box.width)))
        bottom = min(height, max(top + 1, round(box.top + box.height)))
        found.append({"label": label, "left": left, "top": top, "width": right - left, "height": bottom - top})
    return found


def of_rows(found: Iterable[BoxRow]) -> list[LabeledBox]:
    """The boxes that `rows` has written."""
    return [LabeledBox(row["label"], Box(row["left"], row["top"], row["width"], row["height"])) for row in found]


def drawn(pixels: Pixels, boxes: Iterable[LabeledBox], scale: float) -> Pixels:
    """A copy of the pixels with the boxes around their objects, for people to look at: white within black."""
    pixels = pixels.copy()
    for one in boxes:
        left, top, right, bottom = (round(scale * edge) for edge in _edges(one.box))
        for grown, color in ((1, (0, 0, 0)), (0, (255, 255, 255))):
            cv2.rectangle(pixels, (left - grown, top - grown), (right + grown, bottom + grown), color)
    return pixels


def _edges(box: Box) -> tuple[float, float, float, float]:
    return box.left, box.top, box.left + box.width, box.top + box.height


def _corners(box: Box) -> list[Point]:
    left, top, right, bottom = _edges(box)
    return [(left, top), (right, top), (right, bottom), (left, bottom)]


def _seen(one: LabeledBox, shape: list[Point], width: int, height: int) -> LabeledBox | None:
    """The box around what the image shows of the shape; None when it shows nothing."""
    whole = _area(shape)
    left = _clip(_clip(shape, 0, 0.0, 1), 0, float(width), -1)
    inside = _clip(_clip(left, 1, 0.0, 1), 1, float(height), -1)
    area = _area(inside)
    if not inside or area <= 0 or whole <= 0:
        return None
    xs, ys = [x for x, _ in inside], [y for _, y in inside]
    hull = Box(min(xs), min(ys), max(xs) - min(xs), max(ys) - min(ys))
    return LabeledBox(one.label, hull, one.visible * min(1.0, area / whole))


def _clip(shape: Sequence[Point], axis: int, limit: float, side: int) -> list[Point]:
    """The part of a convex shape with coordinate >= limit (side 1) or <= limit (side -1): Sutherland, Hodgman 1974."""
    kept: list[Point] = []
    for index, point in enumerate(shape):
        before = shape[index - 1]
        inside, was_inside = side * (point[axis] - limit) >= 0, side * (before[axis] - limit) >= 0
        if inside != was_inside:
            share = (limit - before[axis]) / (point[axis] - before[axis])
            crossing = [before[other] + share * (point[other] - before[other]) for other in (0, 1)]
            crossing[axis] = limit
            kept.append((crossing[0], crossing[1]))
        if inside:
            kept.append(point)
    return kept


def _area(shape: Sequence[Point]) -> float:
    """By the shoelace formula."""
    return abs(sum(a[0] * b[1] - b[0] * a[1] for a, b in zip(shape, [*shape[1:], *shape[:1]]))) / 2  # noqa: B905
