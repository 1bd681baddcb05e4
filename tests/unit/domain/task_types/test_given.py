"""What a manifest's line must say of an object."""

from __future__ import annotations

from typing import Any

import pytest

from domain.task_types import task_type
from domain.task_types.given import MAX_RECORD, check_given


@pytest.mark.parametrize(
    ("name", "given"),
    [
        ("image-single-label", {}),
        ("image-single-label", {"weather": "fine"}),
        ("text-single-label", {"source": "s3://is.a/text too"}),
        ("audio-transcript", {"transcript": ""}),
        ("record-review", {"record": {"a": "", "b": 2**53 - 1, "c": 1e300, "d": None, "e": True}}),
        ("image-label-verification", {"label": "cat"}),
    ],
)
def test_what_suffices(name: str, given: dict[str, Any]) -> None:
    check_given(task_type(name), given, ("cat", "dog"))


@pytest.mark.parametrize(
    ("name", "given", "said"),
    [
        ("text-single-label", {}, "source is missing, which text-single-label needs"),
        ("text-single-label", {"source": " \n"}, "not empty"),
        ("audio-transcript", {"label": "cat"}, "transcript is missing"),
        ("audio-transcript", {"transcript": None}, "transcript must be a text"),
        ("image-label-verification", {"label": "cow"}, r"label is 'cow', .*\['cat', 'dog'\]"),
        ("image-label-verification", {"label": ["cat"]}, "none of the task's labels"),
        ("record-review", {"record": "a: 1"}, "an object with at least one field"),
        ("record-review", {"record": {}}, "an object with at least one field"),
        ("record-review", {"record": {"address": {"street": "x"}}}, "'address', which is no text"),
        ("record-review", {"record": {"ids": [1]}}, "give its parts as fields"),
        ("record-review", {"record": {"id": 2**53}}, "'id', a number that a browser cannot show"),
        ("record-review", {"record": {"id": float("nan")}}, "'id', a number"),
        ("record-review", {"record": {"text": "x" * MAX_RECORD}}, "20,012 characters; a record has at most 20,000"),
    ],
)
def test_what_does_not_suffice_is_named(name: str, given: dict[str, Any], said: str) -> None:
    with pytest.raises(ValueError, match=said):
        check_given(task_type(name), given, ("cat", "dog"))
