"""YOLO's folder as label rows."""

from __future__ import annotations

from typing import Any

import pytest
import yaml

from domain.errors import InvalidInput
from domain.labels.formats.model import LabelSet, Size, format_named, labeled
from tests.support.builders.label_files import FakeImages, box, read

NAMES = {"data.yaml": {"path": ".", "names": {0: "cat", 3: "dog"}}}
SIZE = Size(400, 200)


def read_line(line: str, **more: Any) -> LabelSet:
    given: dict[str, Any] = {"yaml": NAMES, "images": FakeImages({"a.jpg": SIZE}), **more}
    return read("yolo", {"a.txt": line}, **given)


def test_a_box_is_told_by_its_middle_in_shares() -> None:
    """https://docs.ultralytics.com/datasets/detect/: x and width over its width, y and height over its height."""
    assert read_line("3 0.5 0.25 0.1 0.2\n").rows[0].boxes == (box("dog", 180, 30, 40, 40),)


def test_an_outline_gives_the_box_around_it() -> None:
    assert read_line("0 0.1 0.5 0.2 0.1 0.3 0.9").rows[0].boxes == (box("cat", 40, 20, 80, 160),)


def test_a_text_without_lines_has_no_object_and_an_image_without_a_text_no_row() -> None:
    rows = read_line("\n", images=FakeImages({"a.jpg": SIZE, "b.jpg": SIZE})).rows
    assert [(row.source, row.label, row.boxes) for row in rows] == [("a.jpg", "no object", ())]


@pytest.mark.parametrize(
    ("text", "image"),
    [
        ("labels/train/a.txt", "images/train/a.jpg"),  # Ultralytics
        ("train/labels/a.txt", "train/images/a.jpg"),  # Roboflow
        ("labels/train/a.txt", "train/a.jpg"),  # --images is the folder `images`
        ("labels/sub dir/Käfer.v2.txt", "images/sub dir/Käfer.v2.png"),
        ("obj_train_data/a.txt", "obj_train_data/a.jpg"),  # Darknet: beside
    ],
)
def test_a_text_finds_its_image(text: str, image: str) -> None:
    rows = read("yolo", {text: "0 0.5 0.5 1 1", "train.txt": image}, yaml=NAMES, images=FakeImages({image: SIZE})).rows
    assert [(row.source, row.boxes) for row in rows] == [(image, (box("cat", 0, 0, 400, 200),))]


def test_a_text_without_an_image_and_a_damaged_image_cost_their_labels_and_say_so() -> None:
    texts = {"labels/a.txt": "0 .5 .5 1 1", "labels/b.txt": "0 .5 .5 1 1"}
    rows = read("yolo", texts, yaml=NAMES, images=FakeImages({"images/b.jpg": None})).rows
    assert [(row.source, row.status, row.reason) for row in rows] == [
        ("a", "unlabeled", "mine/labels/a.txt belongs to no image of the folder with the images"),
        ("images/b.jpg", "unlabeled", "its size cannot be read: the JPEG is truncated"),
    ]


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("1 .5 .5 1 1", "line 2: there is no class 1; the classes are 0 to 3"),
        ("x .5 .5 1 1", "line 2: there is no class x"),
        ("-1 .5 .5 1 1", "line 2: there is no class -1"),
        ("0 .5 .5 1", "line 2: class, x, y, width and height were expected"),
        ("0 .5 .5 1 1 .9", "not 6 values"),
        ("0 .5 .5 1 x", "line 2: 'x' is no number"),
        ("0 .5 .5 1 nan", "line 2: nan is no share"),
        ("0 200 100 40 40", "line 2: 200 is no share of the image, 0 to 1; YOLO does not count in pixels"),
    ],
)
def test_a_line_that_does_not_fit_is_named(line: str, message: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        read_line(f"0 .5 .5 1 1\n{line}\n")
    assert str(caught.value).startswith("mine/a.txt, ")
    assert message in str(caught.value)


def test_what_sticks_out_by_rounding_is_taken_to_the_edge() -> None:
    assert read_line("0 0.95 0.5 0.1004 1.0005").rows[0].boxes == (box("cat", 359.92, 0, 40.08, 200),)


def test_a_text_that_two_images_could_have_is_refused() -> None:
    with pytest.raises(InvalidInput, match=r"mine/a\.txt: it may be of a\.jpg or of a\.png"):
        read_line("0 .5 .5 1 1", images=FakeImages({"a.jpg": SIZE, "a.png": SIZE}))
    sized = {"a.jpg": SIZE, "a.png": SIZE}
    with pytest.raises(InvalidInput, match=r"a\.jpg and a\.png would both have labels/a\.txt"):
        format_named("yolo").write(LabelSet([labeled("a.jpg", []), labeled("a.png", [])], sized))


def test_classes_may_stand_in_a_text() -> None:
    texts = {"a.txt": "1 .5 .5 1 1", "classes.txt": "\ufeffcat\nbig dog\n"}
    found = read("yolo", texts, images=FakeImages({"a.jpg": SIZE}))
    assert (found.rows[0].label, found.classes) == ("big dog", ("cat", "big dog"))


@pytest.mark.parametrize("names", [{"0": "cat"}, {0: ""}, 3, {0: ["cat"]}])
def test_classes_without_names_are_refused(names: Any) -> None:
    with pytest.raises(InvalidInput, match=r"mine/data\.yaml: names: "):
        read_line("0 .5 .5 1 1", yaml={"data.yaml": {"names": names}})
    with pytest.raises(InvalidInput, match="the classes have no names"):
        read_line("0 .5 .5 1 1", yaml={})


def test_images_without_objects_need_no_classes() -> None:
    empty = {"data.yaml": {"names": {}}}
    assert read_line("", yaml=empty).rows[0].label == "no object"
    with pytest.raises(InvalidInput, match=r"line 1: there is no class 0; data\.yaml or classes\.txt names none"):
        read_line("0 .5 .5 1 1", yaml=empty)


def test_without_images_it_says_why_they_are_needed() -> None:
    with pytest.raises(InvalidInput, match="give --images"):
        read_line("0 .5 .5 1 1", images=None)


def test_what_is_written_is_six_places_of_each_share_and_yaml_that_yaml_reads() -> None:
    odd = ["a: b", 'quo"te', "back\\slash", "é😀", "\u2028\x85", "#x"]
    labels = LabelSet([labeled("x/a.jpg", [box(name, 100, 50, 100, 50) for name in odd])], {"x/a.jpg": SIZE}, odd)
    texts = format_named("yolo").write(labels)
    assert texts["labels/x/a.txt"].split("\n")[1] == "1 0.375000 0.375000 0.250000 0.250000"
    assert yaml.safe_load(texts["data.yaml"])["names"] == dict(enumerate(odd))
    assert yaml.safe_load(format_named("yolo").write(LabelSet([]))["data.yaml"])["names"] == {}


def test_a_box_outside_of_its_image_is_refused_and_one_that_sticks_out_is_cut() -> None:
    with pytest.raises(InvalidInput, match=r"a\.jpg: the box 'cat' at 500, 0 lies outside of the image"):
        format_named("yolo").write(LabelSet([labeled("a.jpg", [box("cat", 500, 0, 10, 10)])], {"a.jpg": SIZE}))
    texts = format_named("yolo").write(LabelSet([labeled("a.jpg", [box("cat", -100, 0, 200, 200)])], {"a.jpg": SIZE}))
    assert texts["labels/a.txt"] == "0 0.125000 0.500000 0.250000 1.000000\n"
