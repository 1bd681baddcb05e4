"""The files of a labeling job are written once for each run."""

from __future__ import annotations

import json

import pytest

from domain.errors import InvalidInput, NoUsableObjects
from domain.labeling.manifest.prepare import prepare
from tests.support.builders.runs import any_label_run, any_task
from tests.support.fakes.store import MemoryStore

ROOT = "labeling/faces/run-1/"


def any_store(**objects: str) -> MemoryStore:
    return MemoryStore(objects={"raw/faces/a.jpg": "a", "raw/faces/b.png": "b", "raw/faces/list.csv": "x", **objects})


def test_the_files_of_the_job_are_written_and_counted() -> None:
    store = any_store()
    built = prepare(any_label_run(), "<template/>", store)
    assert (built.objects, built.accepted, built.rejected) == (3, 2, 1)
    assert store.read(f"{ROOT}input.manifest").splitlines() == [
        '{"source-ref": "s3://data-bucket/raw/faces/a.jpg"}',
        '{"source-ref": "s3://data-bucket/raw/faces/b.png"}',
    ]
    assert [item["label"] for item in json.loads(store.read(f"{ROOT}categories.json"))["labels"]] == ["open", "shut"]
    assert store.read(f"{ROOT}template.liquid.html") == "<template/>"
    assert json.loads(store.read(f"{ROOT}rejected.jsonl"))["source"] == "list.csv"
    assert built.manifest_uri == f"s3://data-bucket/{ROOT}input.manifest"


def test_a_second_start_gets_the_files_of_the_first_though_more_was_uploaded() -> None:
    store = any_store()
    first = prepare(any_label_run("execution-1"), "<template/>", store)
    store.objects["raw/faces/late.jpg"] = "z"
    store.written.clear()
    assert prepare(any_label_run("execution-2"), "<other/>", store) == first
    assert store.written == []


def test_a_crash_on_the_way_leaves_no_half_made_manifest_in_use() -> None:
    store = any_store()
    store.crash_before = "categories.json"
    with pytest.raises(TimeoutError):
        prepare(any_label_run(), "<template/>", store)
    store.objects["raw/faces/late.jpg"] = "z"
    assert prepare(any_label_run(), "<template/>", store).accepted == 3


@pytest.mark.parametrize("change", [{"task": any_task(question="Shut?")}, {"source_prefix": "raw/other/"}])
def test_a_run_id_cannot_be_used_for_another_question_or_source(change: dict[str, object]) -> None:
    store = any_store(**{"raw/other/a.jpg": "a"})
    prepare(any_label_run(), "<template/>", store)
    with pytest.raises(InvalidInput, match=r"run_id: 'run-1' was used before .* use another run_id"):
        prepare(any_label_run(**change), "<template/>", store)


@pytest.mark.parametrize(
    "fields",
    [
        {"full_instructions": "Look."},
        {"examples": [{"image": "instructions/a.png", "good": True}]},
        {"label_descriptions": {"open": "wide"}},
        {"max_concurrent_tasks": 5},
        {"automated_labeling": True},
    ],
)
def test_what_people_are_told_is_the_runs_own(fields: dict[str, object]) -> None:
    store = any_store()
    prepare(any_label_run(), "<template/>", store)
    with pytest.raises(InvalidInput, match="was used before"):
        prepare(any_label_run(task=any_task(**fields)), "<template/>", store)


def test_a_run_that_was_too_dear_begins_with_more_money() -> None:
    store = any_store()
    first = prepare(any_label_run(task=any_task(max_cost=0.01)), "<template/>", store)
    assert prepare(any_label_run(task=any_task(max_cost=5)), "<template/>", store) == first


def test_runs_of_earlier_versions_keep_their_fingerprint() -> None:
    store = any_store()
    prepare(any_label_run(), "<template/>", store)
    kept = json.loads(store.read("labeling/faces/run-1/run.json"))["fingerprint"]
    assert kept == "6bf98c8b759117d6e9c74401feea821795cb98da5b4855a61d5cf37a52031361"


def test_a_prefix_without_a_usable_image_is_refused_with_reasons() -> None:
    objects = {f"raw/faces/{number}.csv": "x" for number in range(7)}
    with pytest.raises(NoUsableObjects, match=r"'0\.csv' is not of a kind .*; and 2 more"):
        prepare(any_label_run(), "", MemoryStore(objects=objects))
    with pytest.raises(NoUsableObjects, match="it is empty"):
        prepare(any_label_run(), "", MemoryStore())
