"""Execution inputs: defaults filled in, everything else refused with the field's name."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.errors import InvalidInput
from domain.workflow.inputs import parse
from domain.workflow.runs import augment_run, label_run
from domain.workflow.states import LabelRun
from tests.support.builders.runs import any_augment_input, any_label_input, any_task


def refused(data: Any) -> str:
    with pytest.raises(InvalidInput) as caught:
        label_run(data, "execution-1")
    return str(caught.value)


def test_the_short_form_gets_every_default() -> None:
    task = {"type": "image-single-label", "question": "Open?", "labels": ["open", "shut"]}
    run = label_run({"dataset": "lego-faces", "task": task, "recipe": "recipes/x.yaml"}, "demo-1")
    assert (run.run_id, run.source_prefix, run.seed, run.instances) == ("demo-1", "raw/lego-faces/", 0, 1)
    assert (run.task.label_attribute, run.task.workers_per_object) == ("label", 3)
    assert (run.task.task_time_limit_seconds, run.task.availability_seconds) == (1_800, 864_000)
    assert run.task.keywords == ("image",)


def test_what_is_given_is_kept_and_a_prefix_gets_its_slash() -> None:
    run = label_run(any_label_input(source_prefix="raw/other/2026", seed=9, instances=4), "execution-1")
    assert (run.run_id, run.source_prefix, run.seed, run.instances) == ("run-1", "raw/other/2026/", 9, 4)
    assert run.execution == "execution-1"


@pytest.mark.parametrize(
    ("fields", "prefix"),
    [
        ({"manifest": "manifests/mine.csv"}, "raw/faces/"),
        ({"manifest": "raw/faces/mine.csv"}, "raw/faces/"),
        ({"manifest": "datasets/clips/v0001-3fa9c1/augmented-train.manifest"}, "datasets/clips/v0001-3fa9c1/data/"),
        ({"manifest": "s3://data-bucket/datasets/clips/v0001-3fa9c1/x.jsonl"}, "datasets/clips/v0001-3fa9c1/data/"),
        ({"manifest": "datasets/clips/v2/x.jsonl", "source_prefix": "datasets/clips"}, "datasets/clips/"),
    ],
)
def test_the_source_prefix_follows_from_a_published_versions_manifest(fields: Any, prefix: str) -> None:
    assert label_run(any_label_input(**fields), "execution-1").source_prefix == prefix


def test_a_choice_survives_the_way_from_state_to_state() -> None:
    chosen = {"manifest": "manifests/mine.csv", "filter": "*.jpg", "sample": {"percent": 5}, "seed": 3}
    run = label_run(any_label_input(**chosen), "execution-1")
    assert run.filter == ("*.jpg",)
    assert parse(LabelRun, run.model_dump(mode="json")) == run
    again = {name: run.model_dump(mode="json")[name] for name in (*chosen, "source_prefix")}
    assert label_run(any_label_input(**again), "execution-1") == run


def test_no_run_of_augment_adds_to_a_data_set_what_is_made_of_it() -> None:
    with pytest.raises(InvalidInput, match=r"source_prefix: .* holds versions of data set 'faces' itself"):
        augment_run(any_augment_input(source_prefix="datasets/faces/v0001-3fa9c1/data/"), "execution-1")
    assert augment_run(any_augment_input(source_prefix="datasets/clips/"), "e").source_prefix == "datasets/clips/"


@pytest.mark.parametrize(
    ("fields", "complaint"),
    [
        ({"dataset": "Faces"}, "dataset: "),
        ({"dataset": "a" * 41}, "dataset: "),
        ({"dataset": "faces-"}, "dataset: "),
        ({"dataset": "faces\n"}, "dataset: "),
        ({"run_id": "a_b"}, "run_id: "),
        ({"run_id": ""}, "run_id: "),
        ({"run_id": "x" * 41}, "run_id: "),
        ({"source_prefix": "raw/../secret"}, "source_prefix: "),
        ({"source_prefix": "labels/faces"}, "source_prefix: images are read only below raw/"),
        ({"source_prefix": "datasets/"}, "source_prefix: images are read only below raw/"),
        ({"source_prefix": "datasets/faces/v0001-3fa9c1/data"}, "holds versions of data set 'faces' itself"),
        ({"manifest": "labels/x.csv"}, "manifest: manifests are read only below raw/, manifests/ and datasets/"),
        ({"manifest": "manifests/x.txt"}, "manifest: a manifest's name ends in .manifest or .jsonl"),
        ({"manifest": "manifests/../x.csv"}, "manifest: "),
        ({"manifest": "s3://data-bucket/labels/x.csv"}, "manifest: manifests are read only below"),
        ({"manifest": "datasets/faces/v0001-3fa9c1/augmented.manifest"}, "holds versions of data set 'faces' itself"),
        ({"filter": []}, "filter: "),
        ({"filter": ["*.jpg", ""]}, "filter.1: "),
        ({"filter": 7}, "filter.0: "),
        ({"sample": {"objects": 5, "percent": 5}}, "sample: give either"),
        ({"sample": {}}, "sample: give either"),
        ({"sample": {"objects": 0}}, "sample.objects: "),
        ({"sample": {"percent": 100.5}}, "sample.percent: "),
        ({"sample": 5}, "sample: "),
        ({"recipe": "raw/x.yaml"}, "recipe: recipes are read only below recipes/"),
        ({"recipe": "recipes/../x"}, "recipe: "),
        ({"seed": -1}, "seed: "),
        ({"seed": "seven"}, "seed: "),
        ({"instances": 0}, "instances: "),
        ({"instances": 101}, "instances: "),
        ({"colour": "red"}, "colour: there is no such field"),
        ({"task": None}, "task: "),
        ({"task": any_task(type="video")}, "task.type: 'video' is not supported yet; supported: audio-transcript"),
        ({"task": any_task(labels=["open"])}, "task.labels: image-single-label takes 2 to 50 labels, not 1"),
        ({"task": any_task(labels=[str(n) for n in range(51)])}, "task.labels: "),
        ({"task": any_task(labels=["open", "Open"])}, "must differ by more than case"),
        ({"task": any_task(labels=["open", "o\u200bpen"])}, "two labels look the same"),
        ({"task": any_task(labels=["not open", "not\u00a0open"])}, "two labels look the same"),
        ({"task": any_task(labels=["open", "\u202eopen"])}, "two labels look the same"),
        ({"task": any_task(labels=["open", " shut"])}, "task.labels.1: "),
        ({"task": any_task(labels=["open", "a\tb"])}, "task.labels.1: "),
        ({"task": any_task(labels=["open", "x" * 257])}, "task.labels.1: "),
        ({"task": any_task(label_attribute="source-ref")}, "task.label_attribute: Ground Truth takes"),
        ({"task": any_task(label_attribute="source")}, "task.label_attribute: Ground Truth takes"),
        ({"task": any_task(label_attribute="x-metadata")}, "task.label_attribute: Ground Truth takes"),
        ({"task": any_task(label_attribute="x" * 128)}, "task.label_attribute: "),
        ({"task": any_task(question="")}, "task.question: "),
        ({"task": any_task(question="a\nb")}, "task.question: must be one line"),
        ({"task": any_task(question="x" * 256)}, "task.question: "),
        ({"task": any_task(title="x" * 129)}, "task.title: "),
        ({"task": any_task(title="🙂")}, "task.title: Ground Truth takes no characters beyond"),
        ({"task": any_task(workers_per_object=0)}, "task.workers_per_object: "),
        ({"task": any_task(workers_per_object=10)}, "task.workers_per_object: "),
        ({"task": any_task(task_time_limit_seconds=29)}, "task.task_time_limit_seconds: "),
        ({"task": any_task(task_time_limit_seconds=28_801)}, "task.task_time_limit_seconds: "),
        ({"task": any_task(availability_seconds=59)}, "task.availability_seconds: "),
        ({"task": any_task(availability_seconds=2_592_001)}, "task.availability_seconds: "),
        ({"task": any_task(keywords=[])}, "task.keywords: "),
        ({"task": any_task(keywords=["a"] * 6)}, "task.keywords: "),
        ({"task": any_task(keywords=["a,b"])}, "task.keywords.0: "),
        ({"task": any_task(pay=1)}, "task.pay: there is no such field"),
        ({"task": any_task(max_cost=-1)}, "task.max_cost: "),
        ({"task": any_task(max_cost="5")}, "task.max_cost: "),
        ({"task": any_task(max_concurrent_tasks=0)}, "task.max_concurrent_tasks: "),
        ({"task": any_task(max_concurrent_tasks=5_001)}, "task.max_concurrent_tasks: "),
        ({"task": any_task(full_instructions="x" * 10_001)}, "task.full_instructions: "),
        ({"task": any_task(examples=[{"image": "raw/a.png"}])}, "task.examples.0.good: is required"),
        (
            {"task": any_task(label_descriptions={"opne": "wide"})},
            "label_descriptions: 'opne' is none of the labels; did you mean 'open'?",
        ),
        (
            {"task": any_task(label_descriptions={"x": "wide"})},
            "label_descriptions: 'x' is none of the labels; the labels are ['open', 'shut']",
        ),
    ],
)
def test_a_wrong_field_is_named(fields: dict[str, Any], complaint: str) -> None:
    assert complaint in refused({**any_label_input(), **fields})


@pytest.mark.parametrize("data", [None, [], "text", 7])
def test_an_input_that_is_no_object_is_refused(data: Any) -> None:
    assert "must be a JSON object" in refused(data)


def test_all_wrong_fields_are_named_at_once_and_long_values_cut() -> None:
    message = refused({"dataset": "X" * 500, "task": any_task(), "seed": -1})
    assert all(part in message for part in ("dataset: ", "recipe: is required", "seed: ", "..."))
    assert len(message) < 500


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(), lambda x: st.dictionaries(st.text(), x), max_leaves=8
    )
)
def test_whatever_comes_in_it_is_refused_with_the_domains_own_error(data: Any) -> None:
    with pytest.raises(InvalidInput):
        label_run(data, "execution-1")


def test_an_augmentation_is_known_by_its_window() -> None:
    first = augment_run(any_augment_input(window="2026-11-22T10:15:00Z"), "execution-1")
    again = augment_run(any_augment_input(window="2026-11-22T10:15:00Z"), "execution-2")
    later = augment_run(any_augment_input(window="2026-11-22T10:30:00Z"), "execution-3")
    assert first.run_id == again.run_id == "20261122T101500Z"
    assert later.run_id == "20261122T103000Z"


def test_a_given_run_id_goes_before_the_window_and_the_window_before_the_executions_name() -> None:
    window = "2026-11-22T10:15:00Z"
    assert augment_run(any_augment_input(run_id="mine", window=window), "e").run_id == "mine"
    assert augment_run(any_augment_input(), "e").run_id == "e"


@pytest.mark.parametrize(
    ("fields", "complaint"),
    [
        ({"window": "<aws.scheduler.scheduled-time>"}, "window: "),
        ({"labels_uri": "https://example.com/x"}, "labels_uri: "),
        ({"labels_uri": "s3://data-bucket/raw/x"}, "labels_uri: labels are read only below labels/"),
        ({"task": {}}, "task: there is no such field"),
    ],
)
def test_a_wrong_field_of_an_augmentation_is_named(fields: dict[str, Any], complaint: str) -> None:
    with pytest.raises(InvalidInput, match=complaint):
        augment_run({**any_augment_input(), **fields}, "e")
