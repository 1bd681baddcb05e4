"""The data bucket: S3's store and the tests' own store keep one contract."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import boto3
import pytest
from botocore.stub import Stubber

from adapters.object_store import S3ObjectStore
from domain.errors import InvalidInput, NotFound
from domain.workflow.ports import ListedObject, ObjectStore
from tests.support.fakes.store import MemoryStore


@pytest.fixture(params=["s3", "memory"])
def store(request: pytest.FixtureRequest) -> ObjectStore:
    if request.param == "memory":
        return MemoryStore()
    return S3ObjectStore(request.getfixturevalue("s3"), "data-bucket")


def test_a_written_text_is_read_as_it_was(store: ObjectStore) -> None:
    store.write("labels/ü 'x'.jsonl", "é\u2028\n")
    assert store.read("labels/ü 'x'.jsonl") == "é\u2028\n"
    assert store.find("labels/ü 'x'.jsonl") == "é\u2028\n"


def test_what_is_no_text_is_read_as_bytes(store: ObjectStore) -> None:
    store.write("a.txt", "caf\u00e9")
    assert store.read_bytes("a.txt") == b"caf\xc3\xa9"


def test_lines_come_one_by_one_and_end_at_newlines_alone(store: ObjectStore) -> None:
    rows = [f'{{"name": "é\u2028 {number}"}}' for number in range(40_000)]  # more than is read at a time
    store.write("rows.jsonl", "".join(f"{row}\n" for row in rows))
    assert [line for line in store.lines("rows.jsonl") if line] == rows
    store.write("rows.jsonl", "a\nb")
    assert list(store.lines("rows.jsonl")) == ["a", "b"]
    store.write("rows.jsonl", "")
    assert [line for line in store.lines("rows.jsonl") if line] == []


def test_lines_of_a_missing_object_are_not_found(store: ObjectStore) -> None:
    with pytest.raises(NotFound, match="s3://data-bucket/none"):
        list(store.lines("none"))


def test_a_text_made_in_pieces_is_whole_however_long(store: ObjectStore) -> None:
    pieces = [
        f"é {number}\n" * 1000 for number in range(1500)
    ]  # beyond what is kept in memory, and what one request takes
    store.write_pieces("long.jsonl", iter(pieces))
    assert store.read("long.jsonl") == "".join(pieces)


def test_pieces_that_fail_write_nothing(store: ObjectStore) -> None:
    def failing() -> Iterator[str]:
        yield "half"
        raise InvalidInput("the rest is broken")

    with pytest.raises(InvalidInput):
        store.write_pieces("half.jsonl", failing())
    assert not store.exists("half.jsonl")


def test_a_missing_object_is_not_found(store: ObjectStore) -> None:
    assert store.find("none") is None
    assert not store.exists("none")
    with pytest.raises(NotFound, match="s3://data-bucket/none"):
        store.read("none")


def test_an_object_is_not_taken_for_one_whose_key_it_begins(store: ObjectStore) -> None:
    store.write("a/b.json", "x")
    assert not store.exists("a/b")
    assert store.exists("a/b.json")


def test_a_listing_holds_keys_and_sizes_of_a_prefix(store: ObjectStore) -> None:
    for key in ("raw/b", "raw/a", "rawer", "labels/x"):
        store.write(key, "12")
    assert list(store.list_objects("raw/")) == [ListedObject("raw/a", 2), ListedObject("raw/b", 2)]


def test_an_archived_object_is_one_that_nobody_has_restored() -> None:
    """As S3 lists them: https://docs.aws.amazon.com/AmazonS3/latest/API/API_RestoreStatus.html"""
    s3 = boto3.client("s3", region_name="us-east-1", aws_access_key_id="any", aws_secret_access_key="any")
    restored = {"IsRestoreInProgress": False, "RestoreExpiryDate": datetime(2026, 11, 27, tzinfo=UTC)}
    items = [
        {"Key": "plain", "Size": 1, "StorageClass": "STANDARD"},
        {"Key": "instant", "Size": 1, "StorageClass": "GLACIER_IR"},
        {"Key": "cold", "Size": 1, "StorageClass": "GLACIER"},
        {"Key": "deep", "Size": 1, "StorageClass": "DEEP_ARCHIVE", "RestoreStatus": {"IsRestoreInProgress": True}},
        {"Key": "warm", "Size": 1, "StorageClass": "DEEP_ARCHIVE", "RestoreStatus": restored},
    ]
    asked = {"Bucket": "data-bucket", "Prefix": "p", "OptionalObjectAttributes": ["RestoreStatus"]}
    with Stubber(s3) as stubber:
        stubber.add_response("list_objects_v2", {"Contents": items}, asked)
        listed = list(S3ObjectStore(s3, "data-bucket").list_objects("p"))
    assert [item.key for item in listed if item.archived] == ["cold", "deep"]


def test_the_etag_of_an_object_changes_with_its_content(store: ObjectStore) -> None:
    def etag() -> str:
        return next(iter(store.list_objects("raw/new"))).etag

    store.write("raw/new", "one")
    first = etag()
    store.write("raw/new", "one")
    assert first == etag() != ""
    store.write("raw/new", "two")
    assert etag() != first


def test_many_objects_are_read_in_the_order_of_their_keys(store: ObjectStore) -> None:
    keys = [f"k/{number:03}" for number in range(150)]
    for key in keys:
        store.write(key, key.upper())
    assert list(store.read_all(reversed(keys))) == [(key, key.upper()) for key in reversed(keys)]


def test_many_are_written_and_read_as_bytes_in_the_order_asked_for(store: ObjectStore) -> None:
    keys = [f"k/{number:03}" for number in range(150)]
    store.write_all((key, f"ü{key}") for key in keys)
    assert list(store.read_all_bytes(reversed(keys))) == [(key, f"ü{key}".encode()) for key in reversed(keys)]


def test_a_copy_is_there_and_the_original_too(store: ObjectStore) -> None:
    store.write("recipes/x y.yaml", "r")
    store.copy("recipes/x y.yaml", "augmenting/recipe.yaml")
    assert store.read("augmenting/recipe.yaml") == store.read("recipes/x y.yaml") == "r"


def test_deleting_takes_away_what_is_named_and_no_more(store: ObjectStore) -> None:
    for key in ("a", "b", "c"):
        store.write(key, "x")
    store.delete(iter(["a", "c", "never there"]))
    assert [item.key for item in store.list_objects("")] == ["b"]


def test_every_page_of_a_listing_is_read_and_deleted(s3: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MOTO_S3_DEFAULT_MAX_KEYS", "4")
    monkeypatch.setattr("adapters.object_store._DELETE_LIMIT", 3)
    store = S3ObjectStore(s3, "data-bucket")
    for number in range(10):
        s3.put_object(Bucket="data-bucket", Key=f"p/{number:04}", Body=b"")
    assert len(s3.list_objects_v2(Bucket="data-bucket", Prefix="p/")["Contents"]) == 4
    keys = [item.key for item in store.list_objects("p/")]
    assert len(keys) == 10
    store.delete(keys)
    assert list(store.list_objects("p/")) == []


def test_reports_and_json_are_written_with_their_content_type(s3: Any) -> None:
    store = S3ObjectStore(s3, "data-bucket")
    for key, kind in (
        ("r.html", "text/html; charset=utf-8"),
        ("d.json", "application/json"),
        ("m.jsonl", "text/plain"),
    ):
        store.write(key, "x")
        assert s3.head_object(Bucket="data-bucket", Key=key)["ContentType"] == kind


def test_a_bucket_without_a_location_is_in_us_east_1(s3: Any) -> None:
    assert S3ObjectStore(s3, "data-bucket").region() == "us-east-1"
    elsewhere = boto3.client("s3", region_name="eu-west-1")
    elsewhere.create_bucket(Bucket="irish", CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})
    assert S3ObjectStore(s3, "irish").region() == "eu-west-1"


def test_browser_origins_are_those_that_may_get(s3: Any) -> None:
    store = S3ObjectStore(s3, "data-bucket")
    assert store.browser_origins() == set()
    rules = [
        {"AllowedMethods": ["PUT"], "AllowedOrigins": ["https://uploads.example"]},
        {"AllowedMethods": ["GET", "HEAD"], "AllowedOrigins": ["*"]},
    ]
    s3.put_bucket_cors(Bucket="data-bucket", CORSConfiguration={"CORSRules": rules})
    assert store.browser_origins() == {"*"}
