"""What a job is given: what exists, and only what it can read."""

from __future__ import annotations

import json

import pytest

from domain.augmenting.job import fingerprint_arguments, freeze, passed_over, run_arguments
from domain.errors import NoUsableObjects
from domain.workflow.ledger import RunRecord
from domain.workflow.s3_uri import S3Uri
from tests.support.builders.runs import any_augment_run
from tests.support.fakes.store import MemoryStore

RUN = any_augment_run().model_copy(update={"near_duplicates": True})
LABELS = S3Uri("s3://data-bucket/labels/faces/run-1/labels.jsonl")


def any_record(**fields: object) -> RunRecord:
    return RunRecord(
        **{
            "dataset": "faces",
            "run_id": "run-1",
            "number": 1,
            "version": "v0001-3fa9c1",
            "parent": None,
            "source_prefix": "raw/faces/",
            "label_attribute": "mouth",
            "seed": 7,
            "instances": 1,
            "started": "2026-11-27T10:00:00+00:00",
            **fields,
        }
    )


def any_store(**objects: str) -> MemoryStore:
    return MemoryStore(objects={"recipes/r.yaml": "name: r\n", LABELS.key: "{}\n", **objects})


def test_what_no_job_can_read_is_left_out_of_its_input_and_told() -> None:
    store = any_store(**{"raw/faces/a.jpg": "a", "raw/faces//b.jpg": "b", "raw/faces/c.jpg": ""})
    freeze(any_record(), "recipes/r.yaml", LABELS, store)
    listed = json.loads(store.objects["augmenting/faces/run-1/input.manifest"])
    assert listed == [{"prefix": "s3://data-bucket/"}, "raw/faces/a.jpg"]
    assert list(passed_over(any_record(), store)) == [
        {"source": "/b.jpg", "stage": "read", "reason": "the key has an empty segment"},
        {"source": "c.jpg", "stage": "read", "reason": "is empty"},
    ]


def test_where_all_can_be_read_nothing_is_told() -> None:
    store = any_store(**{"raw/faces/a.jpg": "a"})
    freeze(any_record(), "recipes/r.yaml", LABELS, store)
    assert "augmenting/faces/run-1/passed-over.jsonl" not in store.objects
    assert list(passed_over(any_record(), store)) == []


@pytest.mark.parametrize(
    ("objects", "reason"),
    [
        ({}, "s3://data-bucket/raw/faces/ holds nothing that a job can read: it is empty"),
        ({"raw/faces/a.jpg": ""}, "s3://data-bucket/raw/faces/ holds nothing that a job can read: 'a.jpg' is empty"),
        ({f"raw/faces/{number}.jpg": "" for number in range(7)}, "'4.jpg' is empty; and 2 more"),
    ],
)
def test_a_prefix_with_nothing_to_read_is_refused_before_a_machine_starts(objects: dict[str, str], reason: str) -> None:
    with pytest.raises(NoUsableObjects) as error:
        freeze(any_record(), "recipes/r.yaml", LABELS, any_store(**objects))
    assert reason in str(error.value)


def test_the_engine_is_told_of_an_earlier_version_only_where_there_is_one() -> None:
    parent = "datasets/faces/v0000-000000/"
    store = any_store(**{"raw/faces/a.jpg": "a", f"{parent}manifest.jsonl": "{}", f"{parent}fingerprints.jsonl": "{}"})
    first, second = any_record(), any_record(parent="v0000-000000")
    freeze(first, "recipes/r.yaml", LABELS, store)
    assert "--known" not in run_arguments(first, RUN, looked=False)
    assert "--earlier" not in fingerprint_arguments(first, RUN, store)
    freeze(second, "recipes/r.yaml", LABELS, store)
    assert "/opt/ml/processing/input/config/known.jsonl" in run_arguments(second, RUN, looked=False)
    assert "/opt/ml/processing/input/config/fingerprints.jsonl" in fingerprint_arguments(second, RUN, store)


def test_fingerprints_of_a_job_before_are_given() -> None:
    words = run_arguments(any_record(), RUN, looked=True)
    assert words[words.index("--fingerprints") + 1] == "/opt/ml/processing/input/config/fingerprints"
    assert "--fingerprints" not in run_arguments(any_record(), RUN, looked=False)


def test_no_argument_is_longer_than_a_processing_job_takes() -> None:
    longest = any_record(source_prefix="raw/" + "x" * 195 + "/")
    assert max(map(len, run_arguments(longest, RUN, looked=True))) <= 256
