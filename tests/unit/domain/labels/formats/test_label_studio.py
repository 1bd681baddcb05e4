"""Label Studio's JSON export as label rows."""

from __future__ import annotations

import json
from typing import Any

import pytest

from domain.errors import InvalidInput
from domain.labels.formats.model import LabelSet, Size, format_named, labeled
from tests.support.builders.label_files import box, read


def rectangle(label: str, x: float, y: float, width: float, height: float, **value: Any) -> dict[str, Any]:
    """As labelstud.io/guide/task_format shows a result."""
    return {
        "original_width": 600,
        "original_height": 400,
        "image_rotation": 0,
        "value": {"x": x, "y": y, "width": width, "height": height, "rotation": 0, "rectanglelabels": [label], **value},
        "id": "qdp3ur9bla",
        "from_name": "label",
        "to_name": "image",
        "type": "rectanglelabels",
    }


def choice(*labels: str) -> dict[str, Any]:
    return {"value": {"choices": list(labels)}, "from_name": "class", "to_name": "image", "type": "choices"}


def a_task(*results: list[dict[str, Any]], image: str = "/data/upload/3/1a2b3c4d-a%20b.jpg") -> dict[str, Any]:
    people = [
        {"id": 7 + number, "completed_by": number + 1, "was_cancelled": False, "result": result}
        for number, result in enumerate(results)
    ]
    return {"id": 1, "data": {"image": image}, "annotations": people, "predictions": []}


def read_tasks(*tasks: dict[str, Any]) -> LabelSet:
    return read("label-studio", json.dumps(tasks))


def test_percent_become_pixels() -> None:
    found = read_tasks(a_task([rectangle("cat", 10, 25, 50, 12.5)]))
    row = found.rows[0]
    assert (row.source, row.method, row.votes) == ("a b.jpg", "human", ())
    assert row.boxes == (box("cat", 60, 100, 300, 50),)
    assert found.sizes == {"a b.jpg": Size(600, 400)}


def test_a_turned_box_gives_the_upright_one_around_it() -> None:
    """About its first corner: by a quarter turn, 300 x 50 from 300, 100 become 50 x 300 to its left."""
    row = read_tasks(a_task([rectangle("cat", 50, 25, 50, 12.5, rotation=90)])).rows[0]
    assert row.boxes == (box("cat", 250, 100, 50, 300),)


def test_polygons_give_the_box_around_them_and_choices_classes_of_the_image() -> None:
    polygon = rectangle("cat", 0, 0, 0, 0)
    polygon |= {"type": "polygonlabels", "value": {"points": [[1, 2], [10, 5], [4, 50]], "polygonlabels": ["cat"]}}
    row = read_tasks(a_task([polygon, choice("night", "rain")])).rows[0]
    assert row.boxes == (box("cat", 6, 8, 54, 192),)
    assert row.labels == ("cat", "night", "rain")


@pytest.mark.parametrize(
    ("image", "name"),
    [
        ("/data/upload/1a2b3c4d-a.jpg", "a.jpg"),
        ("/data/upload/3/a.jpg", "a.jpg"),
        ("/data/local-files/?d=photos/K%C3%A4fer.jpg", "photos/Käfer.jpg"),
        ("s3://bucket/raw/a.jpg", "a.jpg"),
        ("cat/a.jpg", "cat/a.jpg"),
    ],
)
def test_an_image_is_called_by_its_address(image: str, name: str) -> None:
    assert read_tasks(a_task([choice("cat")], image=image)).rows[0].source == name


def test_several_people_give_a_majority_and_a_vote_each() -> None:
    """Edges are medians, the confidence of a box the share of people who drew it: `domain/labels/overlap.py`."""
    three = [[rectangle("cat", left, 0, 50, 50)] for left in (0, 1, 2)]
    row = read_tasks(a_task(*three[:2], [*three[2], rectangle("dog", 60, 60, 10, 10)])).rows[0]
    assert (row.boxes, row.confidence) == ((box("cat", 6, 0, 300, 200),), 1.0)
    assert [(vote.worker, vote.labels) for vote in row.votes] == [
        ("label-studio.1", ("cat",)),
        ("label-studio.2", ("cat",)),
        ("label-studio.3", ("cat", "dog")),
    ]


def test_people_who_do_not_agree_leave_no_label() -> None:
    row = read_tasks(a_task([choice("cat")], [choice("dog")])).rows[0]
    assert (row.status, row.reason) == ("unlabeled", "most of its annotators do not agree")


def test_skips_do_not_count_and_a_person_has_one_answer_the_last() -> None:
    task = a_task([choice("cat")], [choice("dog")], [choice("cow")])
    task["annotations"][2]["was_cancelled"] = True
    task["annotations"][1]["completed_by"] = {"id": 1, "email": "ann@example.com"}
    row = read_tasks(task).rows[0]
    assert row.label == "dog"
    assert "example.com" not in row.model_dump_json()


def test_nothing_means_no_object_only_where_boxes_were_asked_for() -> None:
    rows = read_tasks(a_task([rectangle("cat", 0, 0, 1, 1)], image="a"), a_task([], image="b"), a_task(image="c")).rows
    assert [(row.label, row.reason) for row in rows[1:]] == [("no object", None), (None, "nobody has annotated it")]
    rows = read_tasks(a_task([choice("cat")], image="a"), a_task([], image="b")).rows
    assert rows[1].reason == "it was given no class"


@pytest.mark.parametrize(
    ("task", "message"),
    [
        ({"data": {"image": "a"}}, "[0]: `annotations` is missing"),
        ({"annotations": []}, "[0]: `data` is missing"),
        (a_task() | {"data": {"a": "b", "c": "d"}}, "[0].data: `image`, the image's address, is missing"),
        (a_task([{"type": "brushlabels", "value": {}}]), "[0].annotations[0].result[0]: the type brushlabels is not"),
        (a_task([rectangle("cat", 0, 0, 1, 1) | {"original_width": 0}]), "result[0].original_width: a whole number"),
        (a_task([rectangle("cat", 0, 0, 1, 1) | {"image_rotation": 90}]), "image_rotation: the image was turned there"),
        (
            a_task([rectangle("cat", 0, 0, 1, 1, rotation="1")]),
            'result[0].value.rotation: a number was expected, not "1"',
        ),
        (a_task([rectangle("cat", 0, 0, 1, 1, rectanglelabels=[])]), "result[0].value: one class was expected, not 0"),
        (a_task([choice("\ud800")]), "choices[0]: half of a character (a surrogate) stands in"),
        (a_task([choice("")]), "[0].annotations[0].result[0].value.choices[0]: a text was expected"),
    ],
)
def test_a_fault_has_its_path(task: dict[str, Any], message: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        read_tasks(task)
    assert str(caught.value).startswith("mine: [0]")
    assert message in str(caught.value)


def test_two_tasks_about_one_image_are_refused() -> None:
    with pytest.raises(InvalidInput, match=r"\[1\]: 'a' comes a second time; the first stands at mine: \[0\]"):
        read_tasks(a_task([choice("x")], image="a"), a_task([choice("y")], image="a"))


def test_names_survive_addresses_with_a_common_folder() -> None:
    row = labeled("cat/a.jpg", [box("cat", 0, 0, 3, 4)], source_ref="s3://bucket/raw/cat/a.jpg")
    text = format_named("label-studio").write(LabelSet([row], {"cat/a.jpg": Size(10, 10)}))[""]
    assert json.loads(text)[0]["data"]["image"] == "s3://bucket/raw/cat/a.jpg"
    [found] = read("label-studio", text).rows
    assert (found.source, found.source_ref) == (row.source, row.source_ref)


def test_a_field_called_source_that_is_no_part_of_the_address_is_something_else() -> None:
    task = a_task([choice("cat")], image="cat/a.jpg")
    task["data"]["source"] = "camera 3"
    assert read_tasks(task).rows[0].source == "cat/a.jpg"
