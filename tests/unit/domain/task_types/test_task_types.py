"""The registry of task types."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.errors import InvalidInput
from domain.labeling.answers import votes_of
from domain.labels.boxes import BoxLabel
from domain.labels.overlap import overlap
from domain.labels.rows import Vote
from domain.task_types import TASK_TYPES, task_type
from domain.task_types.model import Choice, Outcome, TaskType


def test_a_type_that_is_not_there_yet_is_refused_with_those_that_are() -> None:
    with pytest.raises(
        InvalidInput, match=r"task\.type: 'video' is not supported yet; supported: audio-transcript, image-bounding-box"
    ):
        task_type("video")


@pytest.mark.parametrize("name", TASK_TYPES)
def test_every_type_has_a_page_with_its_element_and_a_place_for_the_question(name: str) -> None:
    kind = TASK_TYPES[name]
    assert f'<{kind.element}\n    name="{kind.element}"' in kind.template
    assert 'header="__HEADER__' in kind.template


LABELS = ("cat", "dog", "owl")
SINGLE, MULTI, BOXES = (task_type(f"image-{kind}") for kind in ("single-label", "multi-label", "bounding-box"))


def box(label: str, left: float, top: float, width: float = 10, height: float = 10) -> dict[str, object]:
    return {"label": label, "left": left, "top": top, "width": width, "height": height}


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        (SINGLE, None),
        (SINGLE, {"label": "cow"}),
        (MULTI, {"labels": "cat"}),
        (MULTI, {"labels": ["cat", "cow"]}),
        (MULTI, {"labels": ["cat", "cat"]}),
        (BOXES, {"boundingBoxes": None}),
        (BOXES, {"boundingBoxes": [box("cow", 1, 1)]}),
        (BOXES, {"boundingBoxes": [box("cat", 1, 1, width=0)]}),
        (BOXES, {"boundingBoxes": [box("cat", -1, 1)]}),
        (BOXES, {"boundingBoxes": [box("cat", float("nan"), 1)]}),
        (BOXES, {"boundingBoxes": [box("cat", True, 1)]}),
        (BOXES, {"boundingBoxes": [box("cat", 1, 1, width=float("inf"))]}),
        (BOXES, {"boundingBoxes": [box("cat", 10**400, 1)]}),
        (BOXES, {"boundingBoxes": [{"label": "cat"}]}),
    ],
)
def test_a_form_that_the_page_cannot_give_is_refused_with_what_it_should_be(kind: TaskType, value: object) -> None:
    with pytest.raises(ValueError, match=kind.element):
        kind.choice({kind.element: value}, LABELS, {})


GIVEN = {"transcript": "CHECK", "label": "cat", "source": "text", "record": {"zip": "01234", "age": 36, "paid": None}}
words = st.text(max_size=8) | st.sampled_from(["cat", "right", "accept", "correct", "reject"])
plain = st.none() | st.booleans() | st.integers() | st.floats() | st.just(10**400) | words
side = st.floats(0, 10) | plain
verdicts = st.fixed_dictionaries({"verdict": words, "value": plain}) | plain
boxes = st.fixed_dictionaries({"label": words, **dict.fromkeys(("left", "top", "width", "height"), side)})
one = st.fixed_dictionaries({"label": words | st.lists(words)})
fields = st.fixed_dictionaries(dict.fromkeys(("zip", "age", "paid"), verdicts))
FORMS = {
    "image-single-label": one,
    "text-single-label": one,
    "image-label-verification": one,
    "image-multi-label": st.fixed_dictionaries({"labels": st.lists(words | plain, max_size=3)}),
    "image-bounding-box": st.fixed_dictionaries({"boundingBoxes": st.lists(boxes, max_size=2)}),
    "audio-transcript": st.fixed_dictionaries({"verdict": words, "transcript": plain}),
    "record-review": st.fixed_dictionaries({"fields": fields | plain}),
}
posted = st.sampled_from(sorted(TASK_TYPES)).flatmap(lambda name: st.tuples(st.just(name), FORMS[name] | plain))


@given(posted)
def test_whatever_is_posted_is_a_choice_that_can_be_kept_or_refused(told: tuple[str, object]) -> None:
    name, form = told
    kind = task_type(name)
    try:
        choice = kind.choice({kind.element: form}, LABELS, GIVEN)
    except ValueError:
        return
    votes = votes_of({"w1": choice})
    assert Vote.model_validate_json(votes[0].model_dump_json()) == votes[0]


def chosen(kind: TaskType, *values: object) -> Outcome:
    return kind.consolidate([kind.choice({kind.element: value}, LABELS, {}) for value in values], LABELS)


def test_of_several_labels_those_of_more_than_half_count() -> None:
    found = chosen(MULTI, {"labels": ["dog", "cat"]}, {"labels": ["cat"]}, {"labels": ["cat", "owl"]})
    assert found.choice.labels == ("cat",)
    assert chosen(MULTI, {"labels": ["owl", "cat"]}).choice.labels == ("cat", "owl")
    assert chosen(MULTI, {"labels": ["cat"]}, {"labels": ["dog"]}).choice is None
    assert "no label" in chosen(MULTI, {"labels": []}).reason


def test_the_least_sure_label_says_how_sure_all_are() -> None:
    found = chosen(MULTI, {"labels": ["cat", "dog"]}, {"labels": ["cat", "dog"]}, {"labels": ["cat"]})
    single = task_type("image-single-label")
    two_of_three = single.consolidate([Choice(("cat",)), Choice(("cat",)), Choice(("dog",))], ("cat", "dog"))
    assert (found.choice.labels, found.confidence) == (("cat", "dog"), two_of_three.confidence)


def test_a_box_is_what_most_drew_and_its_sides_are_the_middle_ones() -> None:
    found = chosen(
        BOXES,
        {"boundingBoxes": [box("cat", 10, 10), box("dog", 50, 50)]},
        {"boundingBoxes": [box("cat", 11, 10)]},
        {"boundingBoxes": [box("cat", 12, 12), box("owl", 90, 90)]},
    )
    assert found.choice == Choice(("cat",), (BoxLabel(label="cat", left=11, top=10, width=10, height=10),))
    assert found.confidence == 1.0


def test_boxes_of_other_classes_or_elsewhere_are_other_things() -> None:
    found = chosen(
        BOXES,
        {"boundingBoxes": [box("cat", 10, 10)]},
        {"boundingBoxes": [box("dog", 10, 10)]},
        {"boundingBoxes": [box("cat", 16, 10)]},
    )
    assert found.choice == Choice(("no object",), ())
    assert found.confidence == 0.0


def test_two_things_side_by_side_stay_two() -> None:
    pair = [box("cat", 0, 0), box("cat", 4, 0)]  # they overlap by 6 of 14
    found = chosen(BOXES, {"boundingBoxes": pair}, {"boundingBoxes": pair[::-1]}, {"boundingBoxes": pair})
    assert sorted(one.left for one in found.choice.boxes) == [0, 4]


def test_nothing_to_mark_is_an_answer() -> None:
    found = chosen(BOXES, {"boundingBoxes": []}, {"boundingBoxes": []}, {"boundingBoxes": [box("cat", 1, 1)]})
    assert (found.choice.labels, found.choice.boxes, found.confidence) == (("no object",), (), 0.67)


def test_overlap_is_intersection_over_union() -> None:
    one, other = (BoxLabel(label="cat", left=left, top=0, width=10, height=10) for left in (0, 5))
    assert overlap(one, one) == 1
    assert overlap(one, other) == pytest.approx(50 / 150)
    assert overlap(one, BoxLabel(label="cat", left=20, top=0, width=1, height=1)) == 0


def test_the_least_sure_box_says_how_sure_all_are_and_one_worker_is_not() -> None:
    cat, dog = box("cat", 10, 10), box("dog", 50, 50)
    found = chosen(BOXES, {"boundingBoxes": [dog, cat]}, {"boundingBoxes": [dog]}, {"boundingBoxes": [cat, dog]})
    assert ([one.label for one in found.choice.boxes], found.confidence) == (["cat", "dog"], 0.67)
    assert chosen(BOXES, {"boundingBoxes": [cat]}).confidence == chosen(BOXES, {"boundingBoxes": []}).confidence == 0
