"""Records: what people found right, in the record's own order; or a reason."""

from __future__ import annotations

import json
from typing import Any

import pytest

from augmentation.errors import BadRecord
from augmentation.record.medium import SHOWN_FIELDS, Record, medium_for, reviewed
from augmentation.record.reader import read_fields
from domain.recipe import Recipe
from domain.recipe.outputs import Written

MEDIUM = medium_for(Recipe.from_mapping({"name": "r", "media": "record", "steps": [{"export": "original"}]}))
FIELDS = {"zip": "01234", "name": "Müller", "price": 1.5, "active": True, "note": None}


def written(record: Record) -> bytes:
    return MEDIUM.encode(record, Written("json", 90))


def review(**changed: tuple[str, Any]) -> str:
    kept = {name: {"verdict": "accept", "value": value} for name, value in FIELDS.items()}
    return json.dumps({**kept, **{name: {"verdict": how, "value": value} for name, (how, value) in changed.items()}})


def test_fields_keep_their_order_and_their_values() -> None:
    text = '\ufeff{ "zip": "01234",\n "name": "M\\u00fcller", "price": 1.50, "active": true, "note": null }'
    record = MEDIUM.read(text.encode())
    assert list(record.fields.items()) == list(FIELDS.items())
    assert written(record) == '{"zip":"01234","name":"Müller","price":1.5,"active":true,"note":null}\n'.encode()
    assert MEDIUM.read(written(record)) == record


def test_a_review_puts_corrected_values_in_and_null_for_rejected_ones() -> None:
    found = reviewed(Record(FIELDS), review(name=("correct", "Mueller"), price=("reject", None)))
    assert json.loads(written(found)) == {**FIELDS, "name": "Mueller", "price": None}
    assert list(json.loads(written(found))) == list(FIELDS)
    assert MEDIUM.measures(found) == {"fields": {**FIELDS, "name": "Mueller", "price": None}}
    shown = MEDIUM.shown(found, 144, None)["record"]
    assert shown[1] == {"name": "name", "value": '"Mueller"', "before": '"Müller"', "verdict": "correct"}


@pytest.mark.parametrize(
    ("told", "reason"),
    [
        (review(price=("accept", 2.5)), "the field 'price' is 1.5, and 2.5 was accepted; review the record again"),
        (review(active=("accept", 1)), "the field 'active' is True, and 1 was accepted"),
        (review(more=("accept", 1)), "the review has a field 'more', and the record has none"),
        ("{}", "the record has a field 'active', and the review has none"),
    ],
)
def test_a_review_of_another_record_is_refused(told: str, reason: str) -> None:
    with pytest.raises(BadRecord, match=reason):
        reviewed(Record(FIELDS), told)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "not JSON"),
        ('{"a": 1', "not JSON"),
        ('{"a": 1} {"a": 2}', "not JSON"),
        ('{"a": 1, "a": 1}', "the field 'a' comes twice"),
        ("[1]", "one JSON object, not a list"),
        ("7", "one JSON object, not a number"),
        ("{}", "no field"),
        ('{"a": [1]}', "the field 'a' holds a list"),
        ('{"a": {}}', "the field 'a' holds another object"),
        ('{"a": NaN}', "NaN is no number in JSON"),
        ('{"a": -Infinity}', "-Infinity is no number"),
        ('{"a": 1e999}', "1e999 is larger than a number can be"),
        ('{"a": "\\ud800"}', "half of a character"),
        ('{"\\udc00": 1}', "half of a character"),
        (f'{{"a": {"9" * 5000}}}', "a number cannot be kept"),
        (f'{{"a": {"[" * 20000}{"]" * 20000}}}', "nested too deeply"),
    ],
)
def test_what_is_no_record_says_why(text: str, reason: str) -> None:
    with pytest.raises(BadRecord, match=reason):
        read_fields(text.encode())


def test_latin_1_is_refused_and_not_guessed() -> None:
    with pytest.raises(BadRecord, match="not UTF-8: byte 10 is 0xe9"):
        read_fields('{"a": "caf\xe9"}'.encode("latin-1"))


def test_the_report_shows_a_record_s_first_fields() -> None:
    shown = MEDIUM.shown(Record({f"f{number}": number for number in range(SHOWN_FIELDS + 3)}), 144, None)
    assert (len(shown["record"]), shown["hidden"]) == (SHOWN_FIELDS, 3)
    assert {field["verdict"] for field in shown["record"]} == {""}
