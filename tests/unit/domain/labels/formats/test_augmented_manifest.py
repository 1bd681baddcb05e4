"""Ground Truth's output as label rows."""

from __future__ import annotations

import json
from typing import Any

import pytest

from domain.errors import InvalidInput
from domain.labels.boxes import BoxLabel
from domain.labels.formats.augmented_manifest import is_augmented_manifest, read
from domain.labels.formats.model import LabelFiles, LabelSet, Size, format_named, labeled, unlabeled
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


def read_manifest(text: str, name: str = "output.manifest", prefix: str | None = None) -> list[LabelRow]:
    return list(read(LabelFiles(name, {"": text}), prefix).rows)


def test_boxes_classes_and_confidence_are_read() -> None:
    row = read_manifest(a_line(), prefix="s3://bucket/raw/")[0]
    assert row.source == "a.jpg"
    assert row.labels == ("cat", "dog")
    assert row.label is None
    assert row.confidence == 0.8
    assert row.boxes is not None
    assert row.boxes[0] == BoxLabel(label="dog", left=111, top=134, width=61, height=128)


def test_without_a_prefix_names_begin_below_the_folder_that_all_share() -> None:
    text = f"{a_line('s3://bucket/raw/one/a.jpg')}\n{a_line('s3://bucket/raw/two/a.jpg')}\n"
    assert [row.source for row in read_manifest(text)] == ["one/a.jpg", "two/a.jpg"]


def test_an_image_in_which_nothing_was_found_is_labeled_so() -> None:
    line = json.loads(a_line())
    line["pets"]["annotations"] = []
    row = read_manifest(json.dumps(line))[0]
    assert (row.label, row.boxes) == ("no object", ())


def test_a_failed_line_is_an_object_without_label_and_with_the_reason() -> None:
    row = read_manifest(a_line(**{"failure-reason": "ClientError: too large"}))[0]
    assert (row.status, row.reason) == ("unlabeled", "ClientError: too large")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{}", "row 1: `source-ref`"),
        (a_line(type="groundtruth/semantic-segmentation"), "no label attribute has metadata of the type"),
        (a_line(type="groundtruth/image-classification"), "'class-name' is missing"),
        (a_line(**{"class-map": {"0": "dog"}}), "'1' is missing"),
        (f"{a_line()}\n{a_line()}", "row 2: 'a.jpg' comes a second time"),
    ],
)
def test_a_line_that_does_not_fit_is_named(text: str, message: str) -> None:
    with pytest.raises(InvalidInput, match=r"my\.manifest") as caught:
        read_manifest(text, "my.manifest")
    assert message in str(caught.value)


def test_an_image_outside_of_the_prefix_is_refused() -> None:
    with pytest.raises(InvalidInput, match="does not lie below s3://bucket/else"):
        read_manifest(a_line(), prefix="s3://bucket/else")


def test_boxes_survive_the_label_file_and_are_no_field_of_rows_without() -> None:
    boxed = read_manifest(a_line())
    assert read_labels(write_labels(boxed)) == boxed
    plain = LabelRow(source="b", source_ref="s3://bucket/b", status="labeled", label="x", labels=("x",))
    assert "boxes" not in write_labels([plain])


def test_a_manifest_and_a_label_file_are_told_apart() -> None:
    assert is_augmented_manifest(a_line())
    assert not is_augmented_manifest(write_labels(read_manifest(a_line())))


def class_line(value: Any, kind: str, name: str = "s3://bucket/raw/a.jpg", **metadata: Any) -> str:
    """As in the developer guide's examples of classification jobs."""
    told = {"human-annotated": "yes", "type": f"groundtruth/{kind}", "job-name": "labeling-job/animals", **metadata}
    return json.dumps({"source-ref": name, "species": value, "species-metadata": told})


def test_one_class_is_read() -> None:
    line = class_line(0, "image-classification", **{"class-name": "cat", "confidence": 0.92})
    [row] = read_manifest(line)
    assert (row.label, row.labels, row.boxes) == ("cat", ("cat",), None)
    assert (row.confidence, row.method) == (0.92, "human")


def test_of_several_classes_those_more_likely_right_than_not_are_read() -> None:
    maps = {"class-map": {"0": "cat", "1": "dog", "2": "cow"}, "confidence-map": {"0": 0.9, "1": 0.3, "2": 0.6}}
    [row] = read_manifest(class_line([0, 1, 2], "image-classification-multilabel", **maps))
    assert (row.label, row.labels, row.confidence) == (None, ("cat", "cow"), 0.6)


def test_a_single_worker_is_believed_and_no_class_is_no_label() -> None:
    maps = {"class-map": {"0": "cat", "1": "dog"}, "confidence-map": {"0": 0, "1": 0}}
    [row] = read_manifest(class_line([0, 1], "image-classification-multilabel", **maps))
    assert row.labels == ("cat", "dog")
    [row] = read_manifest(class_line([], "image-classification-multilabel", **{"class-map": {}, "confidence-map": {}}))
    assert (row.status, row.reason) == ("unlabeled", "no label was chosen")


def test_what_is_written_is_read_again() -> None:
    rows = [
        labeled("a/x.jpg", [BoxLabel(label="cat", left=1.5, top=2, width=3, height=4)], confidence=0.5, method="human"),
        labeled("a/y.jpg", [], method="human"),
        labeled("a/z.jpg", None, ["cat"], confidence=0.25, method="machine"),
        labeled("a/v.jpg", None, ["cat", "dog"], confidence=0.75, method="human"),
        unlabeled("a/w.jpg", "it is blurred"),
    ]
    sizes = {"a/x.jpg": Size(9, 8), "a/y.jpg": Size(9, 8)}
    found = read(LabelFiles("mine", format_named("augmented-manifest").write(LabelSet(rows, sizes))))
    assert (found.rows, found.sizes) == (rows, sizes)


def test_a_class_beside_boxes_would_be_lost_and_is_refused() -> None:
    rows = [labeled("a.jpg", [BoxLabel(label="cat", left=1, top=2, width=3, height=4)], ["night"])]
    with pytest.raises(InvalidInput, match="the class 'night' without a box"):
        format_named("augmented-manifest").write(LabelSet(rows, {"a.jpg": Size(9, 8)}))
