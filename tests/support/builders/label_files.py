"""Labels for tests of formats."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

from domain.errors import InvalidInput
from domain.labels.boxes import BoxLabel
from domain.labels.formats.model import LabelFiles, LabelSet, Size, format_named, labeled


@dataclass
class FakeImages:
    """Sizes by name; a name without one cannot be read."""

    sizes: Mapping[str, Size | None] = field(default_factory=dict)

    @property
    def names(self) -> Collection[str]:
        return list(self.sizes)

    def size(self, name: str) -> Size:
        size = self.sizes[name]
        if size is None:
            raise InvalidInput("the JPEG is truncated")
        return size


def box(label: str, left: float, top: float, width: float, height: float) -> BoxLabel:
    return BoxLabel(label=label, left=left, top=top, width=width, height=height)


def read(name: str, text: str | Mapping[str, str], **more: Any) -> LabelSet:
    texts = {"": text} if isinstance(text, str) else text
    return format_named(name).read(LabelFiles("mine", texts, **more))


def written_and_read(name: str, labels: LabelSet) -> LabelSet:
    """YOLO's classes are told as its YAML file has them; a test of the command line reads that file itself."""
    texts = format_named(name).write(labels)
    names = {number: label for label, number in labels.index().items()}
    yaml = {"data.yaml": {"names": names}} if texts.pop("data.yaml", "") else {}
    return read(name, texts, yaml=yaml, images=FakeImages(dict(labels.sizes)))


def a_set() -> LabelSet:
    """Two classes in one image, names with a folder, a space and letters of two alphabets, and an empty image."""
    rows = [
        labeled("sub dir/Käfer ж.jpg", [box("dog", 1.5, 2.25, 20, 10), box('a <b> & "c"', 0, 0, 64, 48)]),
        labeled("b.png", []),
    ]
    return LabelSet(rows, {"sub dir/Käfer ж.jpg": Size(64, 48), "b.png": Size(30, 40)})


def coco(**changes: Any) -> dict[str, Any]:
    """As COCO's `instances_val2017.json` has them: ids with gaps, sides in hundredths of a pixel."""
    document: dict[str, Any] = {
        "info": {"description": "COCO 2017 Dataset", "url": "http://cocodataset.org", "version": "1.0", "year": 2017},
        "licenses": [{"url": "http://creativecommons.org/licenses/by/2.0/", "id": 4, "name": "Attribution License"}],
        "images": [
            {"license": 4, "file_name": "000000397133.jpg", "height": 427, "width": 640, "id": 397133},
            {"license": 4, "file_name": "000000037777.jpg", "height": 230, "width": 352, "id": 37777},
            {"license": 4, "file_name": "000000252219.jpg", "height": 428, "width": 640, "id": 252219},
            {"license": 4, "file_name": "000000087038.jpg", "height": 480, "width": 640, "id": 87038},
        ],
        "categories": [
            {"supercategory": "person", "id": 1, "name": "person"},
            {"supercategory": "indoor", "id": 90, "name": "toothbrush"},
            {"supercategory": "kitchen", "id": 44, "name": "bottle"},
        ],
        "annotations": [
            an_annotation(id=1, image_id=397133, category_id=44, bbox=[217.62, 240.54, 38.99, 57.75]),
            an_annotation(id=2, image_id=397133, category_id=1, bbox=[1, 240.24, 346.63, 186.76]),
            an_annotation(id=3, image_id=37777, category_id=1, bbox=[0, 0, 352, 230]),
            an_annotation(id=900100, image_id=87038, category_id=1, bbox=[0, 200, 640, 100], iscrowd=1),
        ],
    }
    return {**document, **changes}


def an_annotation(**fields: Any) -> dict[str, Any]:
    return {"segmentation": [], "area": 1481.38, "iscrowd": 0, **fields}


def coco_text(**changes: Any) -> str:
    return json.dumps(coco(**changes))
