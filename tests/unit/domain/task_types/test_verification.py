"""image-label-verification and text-single-label."""

from __future__ import annotations

import pytest

from domain.task_types import task_type
from domain.task_types.model import Choice, Outcome

KIND, TEXT = task_type("image-label-verification"), task_type("text-single-label")
LABELS = ("cat", "wrong")


def answered(verdict: str, label: str = "cat") -> Choice:
    return KIND.choice({"crowd-image-classifier": {"label": verdict}}, LABELS, {"label": label})


def came_to(*verdicts: str) -> Outcome:
    return KIND.consolidate([answered(verdict) for verdict in verdicts], LABELS)


def test_right_gives_the_objects_own_label_and_wrong_none() -> None:
    assert answered("right") == Choice(("cat",))
    assert answered("wrong") == Choice((), wrong="cat")
    assert answered("right", "wrong") == Choice(("wrong",))


@pytest.mark.parametrize("value", [None, "right", {"label": "cat"}, {"label": None}, {"label": ["right"]}])
def test_what_the_form_cannot_give_is_refused(value: object) -> None:
    with pytest.raises(ValueError, match="right"):
        KIND.choice({"crowd-image-classifier": value}, LABELS, {"label": "cat"})


def test_most_votes_win_and_are_as_sure_as_of_two_classes() -> None:
    found = came_to("right", "wrong", "right")
    as_classes = task_type("image-single-label").consolidate([Choice((one,)) for one in ("a", "b", "a")], ("a", "b"))
    assert (found.choice, found.confidence) == (Choice(("cat",)), as_classes.confidence)
    assert came_to("right").confidence == 0


def test_a_label_that_is_wrong_is_none_with_who_found_so() -> None:
    found = came_to("wrong", "right", "wrong")
    assert (found.choice, found.reason) == (None, "2 of 3 workers found the label 'cat' wrong")
    assert came_to("right", "wrong").reason == "1 of 2 workers found the label 'cat' wrong"


def test_it_is_said_as_a_person_reads_it() -> None:
    assert [KIND.said(answered(verdict)) for verdict in ("right", "wrong")] == ["right", "wrong"]


def test_texts_are_labeled_as_images_are() -> None:
    choices = [TEXT.choice({"crowd-classifier": {"label": one}}, LABELS, {"source": "x"}) for one in ("cat", "cat")]
    found = TEXT.consolidate(choices, LABELS)
    assert (found.choice, found.confidence) == (Choice(("cat",)), 0.97)
    with pytest.raises(ValueError, match="crowd-classifier"):
        TEXT.choice({"crowd-classifier": {"label": "cow"}}, LABELS, {"source": "x"})
