"""What makes a labeling job fail before anybody works on it."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from labelers.ground_truth.built_in_functions import BUILT_IN
from localcloud.ground_truth.job.input_files import BadInputError, parse_categories, parse_manifest

URI = "s3://bucket/manifest.jsonl"
ROW = {"source-ref": "s3://bucket/raw/a.jpg"}
IMAGES, SEVERAL, BOXES, TEXTS = (
    BUILT_IN[name] for name in ("image-single-label", "image-multi-label", "image-bounding-box", "text-single-label")
)


def lines(*rows: object) -> str:
    return "".join(json.dumps(row) + "\n" for row in rows)


def categories(*labels: object, version: str = "2018-11-28") -> str:
    return json.dumps({"document-version": version, "labels": [{"label": label} for label in labels]})


@pytest.mark.parametrize("text", [lines(ROW, ROW), lines(ROW, ROW).rstrip("\n"), lines(ROW, ROW).replace("\n", "\r\n")])
def test_a_manifest_has_one_object_a_line(text):
    assert parse_manifest(text, URI, IMAGES) == [ROW, ROW]


def test_a_manifest_may_hold_texts_and_other_members():
    rows = [{"source": "The food was delicious", "page": 3}]
    assert parse_manifest(lines(*rows), URI, TEXTS) == rows


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("", "is empty"),
        ("\n", "is empty"),
        (lines(ROW) + "not json\n", "line 2: not valid JSON"),
        (lines(ROW) + "\n" + lines(ROW), "line 2: not valid JSON"),
        (lines([1]), "line 1: an object needs exactly one of source-ref and source"),
        (lines({}), "needs exactly one"),
        (lines({**ROW, "source": "text"}), "needs exactly one"),
        (lines({"source-ref": "https://example.com/a.jpg"}), "must be an S3 URI"),
        (lines({"source": "x" * 100_000}), "at most 100000 are allowed"),
        (lines({"source": "a text"}), "line 1: ImageMultiClass needs source-ref"),
    ],
)
def test_a_manifest_that_cannot_be_used_is_refused_with_its_place(text, complaint):
    with pytest.raises(BadInputError, match=complaint) as refusal:
        parse_manifest(text, URI, IMAGES)
    assert URI in str(refusal.value)


def test_a_manifest_of_too_many_objects_is_refused():
    with pytest.raises(BadInputError, match="has 100001 objects"):
        parse_manifest('{"source":"x"}\n' * 100_001, URI, TEXTS)


@given(st.lists(st.text(max_size=50), min_size=1, max_size=5))
def test_whatever_a_json_encoder_writes_is_read_back(names):
    rows = [{"source-ref": f"s3://bucket/{name}"} for name in names]
    assert parse_manifest(lines(*rows), URI, IMAGES) == rows
    assert parse_manifest("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), URI, IMAGES) == rows


def test_categories_keep_their_order():
    assert parse_categories(categories("b", "a", 'qu"ote'), URI, IMAGES) == ["b", "a", 'qu"ote']


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("not json", "must be"),
        ("[]", "must be"),
        ('{"labels": ["a", "b"]}', "must be"),
        (categories("a", "b", version="2019-01-01"), "document-version"),
        (categories("a"), "ImageMultiClass takes at least 2 different labels"),
        (categories("a", "a"), "ImageMultiClass takes at least 2 different labels"),
        (categories("a", ""), "ImageMultiClass takes at least 2 different labels"),
        (categories("a", "x" * 257), "ImageMultiClass takes at least 2 different labels"),
        (categories("a", 7), "ImageMultiClass takes at least 2 different labels"),
    ],
)
def test_categories_that_cannot_be_used_are_refused(text, complaint):
    with pytest.raises(BadInputError, match=complaint):
        parse_categories(text, URI, IMAGES)


def test_a_text_stands_in_the_manifest_itself():
    with pytest.raises(BadInputError, match="line 1: TextMultiClass needs source"):
        parse_manifest(lines(ROW), URI, TEXTS)


@pytest.mark.parametrize(("functions", "least", "most"), [(SEVERAL, 2, 50), (BOXES, 1, 10)])
def test_a_type_takes_so_many_labels_and_no_more(functions, least, most):
    names = [f"label {number}" for number in range(most + 1)]
    for count in (least, most):
        assert parse_categories(categories(*names[:count]), URI, functions) == names[:count]
    for count in (least - 1, most + 1):
        with pytest.raises(BadInputError, match=f"takes {least} to {most} different labels"):
            parse_categories(categories(*names[:count]), URI, functions)
