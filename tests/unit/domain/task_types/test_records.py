"""record-review: a verdict on each field, and one review of several."""

from __future__ import annotations

import json
from typing import Any

import pytest

from domain.labels.records import FieldVerdict
from domain.task_types import task_type
from domain.task_types.model import Choice, Outcome
from domain.task_types.record_review import MAX_CHARACTERS

KIND = task_type("record-review")
RECORD = {"invoice": "2024-117", "total": 119.5, "paid": False, "note": None}
RIGHT = {name: {"verdict": "accept", "value": value} for name, value in RECORD.items()}


def corrected(value: object) -> dict[str, object]:
    return {"verdict": "correct", "value": value}


REJECTED = {"verdict": "reject", "value": None}


def answered(**fields: object) -> Choice:
    return KIND.choice({"kempelen-record": {"fields": {**RIGHT, **fields}}}, (), {"record": RECORD})


def values(choice: Choice) -> dict[str, Any]:
    return {name: (field.verdict, field.value) for name, field in choice.record.items()}


def test_what_is_accepted_is_the_records_own_value_and_never_the_forms() -> None:
    forged = answered(total={"verdict": "accept", "value": 1_000_000}, note={"verdict": "reject", "value": "mine"})
    assert values(forged)["total"] == ("accept", 119.5)
    assert values(forged)["note"] == ("reject", None)


def test_fields_stand_in_the_records_order() -> None:
    backwards = dict(reversed(RIGHT.items()))
    choice = KIND.choice({"kempelen-record": {"fields": backwards}}, (), {"record": RECORD})
    assert list(choice.record) == list(RECORD)


@pytest.mark.parametrize(
    ("fields", "label"),
    [
        ({}, "accepted"),
        ({"total": corrected(120)}, "corrected"),
        ({"total": corrected(120), "invoice": REJECTED}, "rejected"),
        ({"total": corrected(119.50), "invoice": corrected(" 2024-117 "), "paid": corrected(False)}, "accepted"),
        ({"paid": corrected(True), "note": corrected("by hand")}, "corrected"),
    ],
)
def test_the_whole_is_rejected_if_any_field_is_and_else_corrected_if_any_is(fields: dict[str, Any], label: str) -> None:
    assert answered(**fields).labels == (label,)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("total", "120"),
        ("total", True),
        ("total", None),
        ("total", float("nan")),
        ("total", float("inf")),
        ("total", 10**400),
        ("paid", "false"),
        ("paid", 0),
        ("invoice", 7),
        ("invoice", " "),
        ("invoice", "x" * (MAX_CHARACTERS + 1)),
        ("invoice", ["2024-117"]),
        ("note", 7),
        ("note", ""),
    ],
)
def test_a_correction_of_another_kind_is_refused_with_the_fields_name(name: str, value: object) -> None:
    with pytest.raises(ValueError, match=f"kempelen-record.*{name}"):
        answered(**{name: corrected(value)})


@pytest.mark.parametrize(
    "value",
    [
        None,
        [],
        {"fields": None},
        {"fields": {}},
        {"fields": {**RIGHT, "bonus": corrected("1")}},
        {"fields": {name: field for name, field in RIGHT.items() if name != "note"}},
        {"fields": {**RIGHT, "note": None}},
        {"fields": {**RIGHT, "note": {"verdict": "ignore", "value": None}}},
        {"fields": {**RIGHT, "note": {"verdict": ["accept"], "value": None}}},
    ],
)
def test_what_the_form_cannot_give_is_refused(value: object) -> None:
    with pytest.raises(ValueError, match="kempelen-record"):
        KIND.choice({"kempelen-record": value}, (), {"record": RECORD})


def test_awkward_names_are_names() -> None:
    record = {"__proto__": "a", '<b>"': 1, "": None}
    fields = json.loads(json.dumps({name: {"verdict": "accept", "value": 0} for name in record}))
    choice = KIND.choice({"kempelen-record": {"fields": fields}}, (), {"record": record})
    assert values(choice) == {name: ("accept", value) for name, value in record.items()}


def came_to(*reviews: dict[str, Any]) -> Outcome:
    return KIND.consolidate([answered(**fields) for fields in reviews], ())


def test_each_field_is_what_most_found() -> None:
    found = came_to(
        {"total": corrected(120), "invoice": corrected("2024  118")},
        {"total": corrected(120.0), "note": REJECTED},
        {"invoice": corrected("2024 118")},
    )
    assert values(found.choice) == {
        "invoice": ("correct", "2024  118"),
        "total": ("correct", 120),
        "paid": ("accept", False),
        "note": ("accept", None),
    }
    assert (found.choice.labels, found.confidence) == (("corrected",), 0.67)


def test_fields_without_a_majority_leave_the_record_without_a_label_and_are_named() -> None:
    found = came_to({"total": corrected(120), "note": REJECTED}, {"total": corrected(121)})
    assert found.choice is None
    assert found.reason == "no majority of the workers agrees on 'total', 'note'"


def test_one_worker_is_believed_with_the_confidence_of_one() -> None:
    found = came_to({"total": REJECTED})
    assert (found.choice.labels, found.confidence) == (("rejected",), 0.0)
    assert found.choice.record["total"] == FieldVerdict(verdict="reject", value=None)


def test_it_is_said_as_a_person_reads_it() -> None:
    assert KIND.said(answered()) == "all accepted"
    assert KIND.said(answered(total=corrected(120), note=REJECTED)) == "total: 120, note rejected"
