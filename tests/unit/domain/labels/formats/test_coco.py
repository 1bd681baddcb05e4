"""COCO's detection format as label rows."""

from __future__ import annotations

import json
from typing import Any

import pytest

from domain.errors import InvalidInput
from domain.labels.formats.coco import ONLY_CROWDS
from domain.labels.formats.model import LabelSet, Size, format_named, labeled
from tests.support.builders.label_files import a_set, an_annotation, box, coco, coco_text, read

pytestmark = pytest.mark.filterwarnings("ignore:.*crowd")


def test_boxes_classes_and_sizes_are_read() -> None:
    found = read("coco", coco_text())
    row = found.rows[0]
    assert (row.source, row.labels, row.label) == ("000000397133.jpg", ("bottle", "person"), None)
    assert row.boxes == (box("bottle", 217.62, 240.54, 38.99, 57.75), box("person", 1, 240.24, 346.63, 186.76))
    assert found.sizes["000000397133.jpg"] == Size(640, 427)
    assert found.classes == ("person", "toothbrush", "bottle")


def test_an_image_without_annotations_has_no_object() -> None:
    row = read("coco", coco_text()).rows[2]
    assert (row.label, row.boxes) == ("no object", ())


def test_crowds_are_left_out_and_an_image_of_nothing_else_is_not_called_empty() -> None:
    with pytest.warns(UserWarning, match="1 crowd"):
        row = read("coco", coco_text()).rows[3]
    assert (row.status, row.reason) == ("unlabeled", ONLY_CROWDS)


def test_an_annotation_without_bbox_gets_the_box_around_its_polygons() -> None:
    outline = [[10, 20, 40.5, 22, 30, 60.25], [5, 30, 12, 31, 9, 33]]
    one = an_annotation(id=1, image_id=37777, category_id=1, segmentation=outline)
    row = read("coco", coco_text(annotations=[one])).rows[1]
    assert row.boxes == (box("person", 5, 20, 35.5, 40.25),)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"annotations": [{"id": 1}]}, "annotations[0]: `image_id` is missing"),
        ({"annotations": [an_annotation(image_id=1, category_id=1)]}, "annotations[0].image_id: there is no image"),
        ({"annotations": [an_annotation(image_id=37777, category_id=2)]}, "annotations[0].category_id: there is no"),
        (
            {"annotations": [an_annotation(image_id=37777, category_id=1, bbox=[1, 2, 3])]},
            "annotations[0].bbox: left, top, width and height were expected, not 3 numbers",
        ),
        (
            {"annotations": [an_annotation(image_id=37777, category_id=1, bbox=[1, 2, -3, 4])]},
            "annotations[0].bbox: the box is -3 wide and 4 high; neither can be below 0",
        ),
        (
            {"annotations": [an_annotation(image_id=37777, category_id=1, bbox=[1, 2, "3", 4])]},
            'annotations[0].bbox[2]: a number was expected, not "3"',
        ),
        (
            {"annotations": [an_annotation(image_id=37777, category_id=1, bbox=[1, 2, float("nan"), 4])]},
            "annotations[0].bbox[2]: a finite number was expected",
        ),
        (
            {"annotations": [an_annotation(image_id=37777, category_id=1, segmentation={"counts": "x", "size": []})]},
            "annotations[0]: there is no `bbox`, and no polygon",
        ),
        ({"annotations": None}, "`annotations` is missing"),
        ({"images": {}}, "images: a list was expected"),
        ({"images": [{"id": 1}], "annotations": []}, "images[0]: `file_name` is missing"),
        ({"categories": [{"id": 1, "name": ""}]}, "categories[0].name: a text was expected"),
        ({"images": [*coco()["images"], coco()["images"][0]]}, "images[4]: the id 397133 is that of mine: images[0]"),
        (
            {"images": [*coco()["images"], {"id": 1, "file_name": "000000037777.jpg"}]},
            "images[4]: '000000037777.jpg' comes a second time; the first stands at mine: images[1]",
        ),
        ({"images": [{"id": 1, "file_name": "a", "width": 0, "height": 1}], "annotations": []}, "images[0].width: a"),
    ],
)
def test_a_fault_has_its_path(changes: dict[str, Any], message: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        read("coco", coco_text(**changes))
    assert str(caught.value).startswith("mine: ")
    assert message in str(caught.value)


def test_what_is_no_json_is_named_with_line_and_column() -> None:
    with pytest.raises(InvalidInput, match="mine, line 2, column 12: no JSON"):
        read("coco", '{\n "images": }')
    with pytest.raises(InvalidInput, match="nested too deeply"):
        read("coco", "[" * 100_000)
    with pytest.raises(InvalidInput, match="no JSON that can be read"):
        read("coco", "1" * 5000)


def test_ids_count_from_1_and_classes_keep_their_order() -> None:
    document = json.loads(format_named("coco").write(read("coco", coco_text()))[""])
    assert [image["id"] for image in document["images"]] == [1, 2, 3]
    assert document["categories"] == [
        {"id": 1, "name": "person"},
        {"id": 2, "name": "toothbrush"},
        {"id": 3, "name": "bottle"},
    ]
    assert document["annotations"][0]["bbox"] == [217.62, 240.54, 38.99, 57.75]
    assert document["annotations"][0]["area"] == pytest.approx(38.99 * 57.75, abs=0.01)


def test_a_class_without_a_box_would_be_lost_and_is_refused() -> None:
    with pytest.raises(InvalidInput, match=r"a\.jpg has the class 'cat' without a box"):
        format_named("coco").write(LabelSet([labeled("a.jpg", None, ["cat"])]))


def test_a_size_that_nobody_knows_is_asked_for() -> None:
    with pytest.raises(InvalidInput, match=r"the size of b\.png is not known.*--images"):
        format_named("coco").write(LabelSet([labeled("b.png", [])]))


def test_what_is_without_a_label_is_left_out_and_told() -> None:
    with pytest.warns(UserWarning, match=r"1 object without a label left out \(000000087038\.jpg: only crowds"):
        document = json.loads(format_named("coco").write(read("coco", coco_text()))[""])
    assert len(document["images"]) == 3
    assert len(json.loads(format_named("coco").write(a_set())[""])["images"]) == 2
