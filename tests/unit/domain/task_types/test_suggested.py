"""What a manifest suggests is shown where it can be an answer, and stands in the votes of those who saw it."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.labeling.answers import votes_of
from domain.labels.rows import Vote
from domain.task_types import TASK_TYPES, task_type
from domain.task_types.model import Choice
from domain.task_types.suggested import suggested_choice, suggestion_of

LABELS = ("open", "shut")
BOX = {"label": "open", "left": 1, "top": 2, "width": 3, "height": 4}
SIZE = {"width": 20, "height": 10}
GIVEN = {"label": "open", "source": "a", "transcript": "a", "record": {"a": 1}}


@pytest.mark.parametrize(
    ("name", "suggestion", "value"),
    [
        ("image-single-label", "shut", {"label": "shut"}),
        ("image-single-label", ["shut"], {"label": "shut"}),
        ("text-single-label", "open", {"label": "open"}),
        ("image-multi-label", ["shut", "open"], {"labels": ["shut", "open"]}),
        ("image-multi-label", "open", {"labels": ["open"]}),
        ("image-label-verification", "wrong", {"label": "wrong"}),
        (
            "image-bounding-box",
            {"boundingBoxes": [BOX], "inputImageProperties": SIZE},
            {"boundingBoxes": [BOX], "inputImageProperties": SIZE},
        ),
    ],
)
def test_it_has_the_form_of_the_elements_own_value(name: str, suggestion: Any, value: Any) -> None:
    assert suggestion_of(task_type(name), {**GIVEN, "suggestion": suggestion}, LABELS) == value


@pytest.mark.parametrize(
    ("name", "suggestion"),
    [
        ("image-single-label", "ajar"),
        ("image-single-label", ["open", "shut"]),
        ("image-single-label", ""),
        ("image-multi-label", []),
        ("image-multi-label", ["open", "open"]),
        ("image-multi-label", ["open", "ajar"]),
        ("image-label-verification", "open"),
        ("image-bounding-box", {"boundingBoxes": []}),
        ("image-bounding-box", {"boundingBoxes": [{**BOX, "label": "ajar"}]}),
        ("image-bounding-box", "open"),
        ("audio-transcript", "a"),
        ("record-review", {"a": 1}),
    ],
)
def test_what_could_be_no_answer_is_not_shown(name: str, suggestion: Any) -> None:
    assert suggestion_of(task_type(name), {**GIVEN, "suggestion": suggestion}, LABELS) is None


plain = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.sampled_from(["open", "right", "boundingBoxes"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["boundingBoxes", "label"]), inner),
    max_leaves=5,
)


@given(st.sampled_from(sorted(TASK_TYPES)), plain)
def test_whatever_stands_there_is_a_choice_or_none(name: str, suggestion: Any) -> None:
    found = suggested_choice(task_type(name), {**GIVEN, "suggestion": suggestion}, LABELS)
    assert found is None or isinstance(found, Choice)


def test_a_vote_says_what_was_suggested_to_its_worker() -> None:
    (vote,) = votes_of({"w": Choice(("open",))}, Choice(("shut",)))
    assert vote.suggested == ("shut",)
    assert Vote.model_validate_json(vote.model_dump_json()) == vote
    (unseen,) = votes_of({"w": Choice(("open",))})
    assert "suggested" not in unseen.model_dump_json()


def test_that_a_label_was_suggested_to_be_wrong_is_said_too() -> None:
    found = suggested_choice(task_type("image-label-verification"), {"label": "open", "suggestion": "wrong"}, LABELS)
    (vote,) = votes_of({"w": Choice(("open",))}, found)
    assert '"suggested":[]' in vote.model_dump_json()
