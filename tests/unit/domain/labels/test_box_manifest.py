"""Ground Truth's bounding-box output as label rows."""

from __future__ import annotations

import json
from typing import Any

import pytest

from domain.errors import InvalidInput
from domain.labels.box_manifest import is_box_manifest, read_box_manifest
from domain.labels.boxes import BoxLabel
from domain.labels.rows import LabelRow, read_labels, write_labels


def a_line(name: str = "s3://bucket/raw/a.jpg", **changes: Any) -> str:
    """As in the developer guide's example of a bounding-box job."""
    metadata = {
        "objects": [{"confidence": 0.8}, {"confidence": 0.9}],
        "class-map": {"0": "dog", "1": "cat"},
        "type": "groundtruth/object-detection",
        "human-annotated": "yes",
        "creation-date": "2018-10-18T22:18:13.527256",
        "job-name": "identify-dogs-and-toys",
    }
    boxes = [
        {"class_id": 0, "left": 111, "top": 134, "width": 61, "height": 128},
        {"class_id": 1, "left": 5, "top": 6, "width": 7, "height": 8},
    ]
    value = {"image_size": [{"width": 500, "height": 400, "depth": 3}], "annotations": boxes}
    return json.dumps({"source-ref": name, "pets": value, "pets-metadata": {**metadata, **changes}})


def test_boxes_classes_and_confidence_are_read() -> None:
    row = read_box_manifest(a_line(), prefix="s3://bucket/raw/")[0]
    assert row.source == "a.jpg"
    assert row.labels == ("cat", "dog")
    assert row.label is None
    assert row.confidence == 0.8
    assert row.boxes is not None
    assert row.boxes[0] == BoxLabel(label="dog", left=111, top=134, width=61, height=128)


def test_without_a_prefix_names_begin_below_the_folder_that_all_share() -> None:
    text = f"{a_line('s3://bucket/raw/one/a.jpg')}\n{a_line('s3://bucket/raw/two/a.jpg')}\n"
    assert [row.source for row in read_box_manifest(text)] == ["one/a.jpg", "two/a.jpg"]


def test_an_image_in_which_nothing_was_found_is_labeled_so() -> None:
    line = json.loads(a_line())
    line["pets"]["annotations"] = []
    row = read_box_manifest(json.dumps(line))[0]
    assert (row.label, row.boxes) == ("no object", ())


def test_a_failed_line_is_an_object_without_label_and_with_the_reason() -> None:
    row = read_box_manifest(a_line(**{"failure-reason": "ClientError: too large"}))[0]
    assert (row.status, row.reason) == ("unlabeled", "ClientError: too large")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{}", "row 1: `source-ref`"),
        (a_line(type="groundtruth/image-classification"), "no label attribute has metadata of the type"),
        (a_line(**{"class-map": {"0": "dog"}}), "'1' is missing"),
        (f"{a_line()}\n{a_line()}", "row 2: object 'a.jpg' comes a second time"),
    ],
)
def test_a_line_that_does_not_fit_is_named(text: str, message: str) -> None:
    with pytest.raises(InvalidInput, match=r"my\.manifest") as caught:
        read_box_manifest(text, "my.manifest")
    assert message in str(caught.value)


def test_an_image_outside_of_the_prefix_is_refused() -> None:
    with pytest.raises(InvalidInput, match="does not lie below s3://bucket/else"):
        read_box_manifest(a_line(), prefix="s3://bucket/else")


def test_boxes_survive_the_label_file_and_are_no_field_of_rows_without() -> None:
    boxed = read_box_manifest(a_line())
    assert read_labels(write_labels(boxed)) == boxed
    plain = LabelRow(source="b", source_ref="s3://bucket/b", status="labeled", label="x", labels=("x",))
    assert "boxes" not in write_labels([plain])


def test_a_manifest_and_a_label_file_are_told_apart() -> None:
    assert is_box_manifest(a_line())
    assert not is_box_manifest(write_labels(read_box_manifest(a_line())))
