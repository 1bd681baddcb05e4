"""Label Studio's JSON export, which it also imports: https://labelstud.io/guide/task_format.

Boxes count in percent of the image: https://labelstud.io/guide/task_format#Units-of-image-annotations. Read are
`rectanglelabels`, `polygonlabels` (the box around them) and `choices`, which are classes of the whole image.
"""

from __future__ import annotations

import json
import math
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from domain.labels.addresses import below, common_folder
from domain.labels.boxes import BoxLabel
from domain.labels.formats.json_value import JsonValue, read_json
from domain.labels.formats.model import (
    Format,
    LabelFiles,
    LabelSet,
    Size,
    answered,
    box_at,
    labeled_rows,
    once,
    tags_of,
    unlabeled,
    within,
)
from domain.labels.overlap import Box, agreed
from domain.labels.rows import LabelRow, Vote

NAME, BOXES, CHOICES = "image", "rectanglelabels", "choices"
_UPLOAD = re.compile(r"^/?data/upload/(?:\d+/)?(?:[0-9a-f]{8}-)?(.+)$")
"""How Label Studio calls what was uploaded: the project's number, eight digits of its own, the file's name."""


@dataclass
class _Answer:
    """What one person said of an image."""

    worker: str
    boxes: list[BoxLabel] = field(default_factory=list)
    tags: list[str] = field(default_factory=list)

    def vote(self) -> Vote:
        labels = tuple(sorted({*self.tags, *(box.label for box in self.boxes)}))
        return Vote(worker=self.worker, labels=labels, boxes=tuple(self.boxes) if self.boxes else None)


@dataclass
class _Task:
    """`name` is what we wrote ourselves, beside an address that ends with it."""

    place: JsonValue
    address: str
    name: str | None
    answers: list[_Answer]


def read(files: LabelFiles) -> LabelSet:
    """Of several people's answers that becomes the label what more than half of them say, and each is a vote.

    A task is called by the address of its image, as a line of an augmented manifest is, or as `write` has named it.
    """
    by_address: dict[str, Size] = {}
    tasks = [_task(task, by_address) for task in read_json(files.text, files.name).each()]
    answers = [answer for task in tasks for answer in task.answers]
    boxes_drawn = any(answer.boxes for answer in answers) or not any(answer.tags for answer in answers)
    folder = common_folder([task.address for task in tasks if task.name is None])
    names = [task.name or below(task.address, folder) for task in tasks]
    rows = once((task.place.where, _row(task, name, boxes_drawn)) for task, name in zip(tasks, names, strict=True))
    sizes = {name: by_address.get(task.address) for task, name in zip(tasks, names, strict=True)}
    return LabelSet(rows, {name: size for name, size in sizes.items() if size is not None})


def _task(task: JsonValue, sizes: dict[str, Size]) -> _Task:
    data = task["data"]
    address, named = _address(data), data.get("source")
    name = named.value if named and isinstance(named.value, str) and named.value else None
    if name is not None and address != name and not address.endswith(f"/{name}"):
        name = None
    latest: dict[str, _Answer] = {}
    for number, annotation in enumerate(task["annotations"].each(), start=1):
        skipped = annotation.get("was_cancelled")
        if skipped is None or not skipped.value:
            answer = _answer(annotation, _worker(annotation, number), address, sizes)
            latest[answer.worker] = answer
    return _Task(task, address, name, list(latest.values()))


def _address(data: JsonValue) -> str:
    """Of the image: `image`, or the only text that there is; of uploaded and local files, their names."""
    image = data.get(NAME)
    if image is None:
        texts = [key for key, value in data.value.items() if isinstance(value, str)]
        if len(texts) != 1:
            raise data.fault(f"`{NAME}`, the image's address, is missing")
        image = data[texts[0]]
    address = image.text()
    if local := parse_qs(urlsplit(address).query).get("d"):
        return local[0]
    uploaded = _UPLOAD.match(address)
    return unquote(uploaded.group(1)) if uploaded else address


def _worker(annotation: JsonValue, number: int) -> str:
    """A person's number, and nothing else of her: exports have addresses of e-mail, too."""
    person = annotation.get("completed_by")
    if person is not None and isinstance(person.value, dict):
        person = person.get("id")
    return f"label-studio.{person.key() if person else f'annotation-{number}'}"


def _answer(annotation: JsonValue, worker: str, address: str, sizes: dict[str, Size]) -> _Answer:
    answer = _Answer(worker)
    for part in annotation["result"].each():
        kind, value = part["type"].text(), part["value"]
        if kind == CHOICES:
            answer.tags += [choice.text() for choice in value[CHOICES].each()]
            continue
        if kind not in _CORNERS:
            raise part.fault(f"the type {kind} is not read; those that are: {', '.join([CHOICES, *_CORNERS])}")
        turned = part.get("image_rotation")
        if turned is not None and turned.number() != 0:
            raise turned.fault("the image was turned there, and boxes are of the upright image; turn it back")
        size = sizes[address] = Size(part["original_width"].pixels(), part["original_height"].pixels())
        labels = list(value[kind].each())
        if len(labels) != 1:
            raise value.fault(f"one class was expected, not {len(labels)}")
        answer.boxes.append(box_at(value.where, labels[0].text(), _CORNERS[kind](value, size)))
    return answer


def _of_rectangle(value: JsonValue, size: Size) -> list[tuple[float, float]]:
    """A rotation is in degrees clockwise, about the first corner."""
    left, width = (value[side].number() * size.width / 100 for side in ("x", "width"))
    top, height = (value[side].number() * size.height / 100 for side in ("y", "height"))
    rotation = value.get("rotation")
    angle = math.radians(rotation.number()) if rotation else 0.0
    cosine, sine = math.cos(angle), math.sin(angle)
    corners = [(x, y) for x in (0.0, width) for y in (0.0, height)]
    return [(left + x * cosine - y * sine, top + x * sine + y * cosine) for x, y in corners]


def _of_polygon(value: JsonValue, size: Size) -> list[tuple[float, float]]:
    corners = []
    for point in value["points"].each():
        place = [share.number() for share in point.each()]
        if len(place) != 2:
            raise point.fault("x and y were expected")
        corners.append((place[0] * size.width / 100, place[1] * size.height / 100))
    if not corners:
        raise value.fault("the polygon has no points")
    return corners


_CORNERS = {BOXES: _of_rectangle, "polygonlabels": _of_polygon}


def _row(task: _Task, source: str, boxes_drawn: bool) -> LabelRow:
    people = task.answers
    if not people:
        return unlabeled(source, "nobody has annotated it", task.address)
    if len(people) == 1:
        told: dict[str, Any] = {"source_ref": task.address, "method": "human"}
        return answered(source, people[0].boxes, people[0].tags, boxes_drawn=boxes_drawn, **told)
    boxes, confidences = agreed([[Box(**box.model_dump()) for box in answer.boxes] for answer in people])
    counts = Counter(tag for answer in people for tag in set(answer.tags))
    tags = [tag for tag, count in counts.items() if 2 * count > len(people)]
    if not boxes and not tags and any(answer.boxes or answer.tags for answer in people):
        return unlabeled(source, "most of its annotators do not agree", task.address)
    return answered(
        source,
        [BoxLabel(**box._asdict()) for box in boxes],
        tags,
        boxes_drawn=boxes_drawn,
        source_ref=task.address,
        method="human",
        confidence=min([*confidences, *(counts[tag] / len(people) for tag in tags)], default=None),
        votes=tuple(answer.vote() for answer in people),
    )


def write(labels: LabelSet) -> dict[str, str]:
    """Tasks with one annotation each, for a project whose controls are called `label` (boxes) and `choice`."""
    tasks = [_written(row, labels) for row in labeled_rows(labels)]
    return {"": f"{json.dumps(tasks, indent=1)}\n"}


def _written(row: LabelRow, labels: LabelSet) -> dict[str, Any]:
    parts = _rectangles(row.boxes, row.source, labels.size(row.source)) if row.boxes else []
    if tags := tags_of(row):
        parts.append({"from_name": "choice", "to_name": NAME, "type": CHOICES, "value": {CHOICES: tags}})
    numbered = [{"id": str(number), **part} for number, part in enumerate(parts, start=1)]
    return {"data": {NAME: row.source_ref, "source": row.source}, "annotations": [{"result": numbered}]}


def _rectangles(boxes: Sequence[BoxLabel], source: str, size: Size) -> list[dict[str, Any]]:
    parts = []
    for box in boxes:
        left, top, right, bottom = within(box, size, source)
        sides = {
            "x": 100 * left / size.width,
            "y": 100 * top / size.height,
            "width": 100 * (right - left) / size.width,
            "height": 100 * (bottom - top) / size.height,
        }
        shown = {"original_width": size.width, "original_height": size.height, "image_rotation": 0}
        parts.append(
            {
                "from_name": "label",
                "to_name": NAME,
                "type": BOXES,
                **shown,
                "value": {**sides, "rotation": 0, BOXES: [box.label]},
            }
        )
    return parts


FORMAT = Format(read, write)
