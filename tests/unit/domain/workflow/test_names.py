"""Names of jobs, runs and versions: deterministic, within AWS's limits, never the same for two runs."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.workflow.names import (
    DATASET_PATTERN,
    JOB_NAME_LIMIT,
    RUN_ID_PATTERN,
    augmenting_prefix,
    digest,
    job_name,
    labeling_prefix,
    labels_key,
    run_id_from_execution,
    run_id_from_window,
    tag_value,
    version_name,
    version_prefix,
)

datasets = st.from_regex(DATASET_PATTERN, fullmatch=True)
run_ids = st.from_regex(RUN_ID_PATTERN, fullmatch=True)
SAGEMAKER_NAME = re.compile(r"[a-zA-Z0-9](-*[a-zA-Z0-9]){0,62}")


@given(st.from_regex(r"[a-z0-9]{1,12}", fullmatch=True), datasets, run_ids)
def test_a_job_name_fits_sagemaker_with_room_for_an_attempts_number(stage: str, dataset: str, run_id: str) -> None:
    for kind in ("label", "augment"):
        name = job_name(f"kempelen-{stage}-", kind, dataset, run_id)
        assert SAGEMAKER_NAME.fullmatch(name)
        assert len(f"{name}-21") <= JOB_NAME_LIMIT
        assert name.startswith(f"kempelen-{stage}-{kind}-")


def test_a_job_name_is_readable_and_tells_runs_apart_that_differ_in_case_alone() -> None:
    one, other = (job_name("kempelen-dev-", "label", "faces", run) for run in ("Run", "run"))
    assert one.startswith("kempelen-dev-label-faces-")
    assert one.lower() != other.lower()
    assert one == job_name("kempelen-dev-", "label", "faces", "Run")


def test_a_digest_knows_where_one_part_ends() -> None:
    assert digest("ab", "c") != digest("a", "bc")


@given(st.text(min_size=1, max_size=80))
def test_any_execution_name_gives_a_run_id(name: str) -> None:
    assert re.fullmatch(RUN_ID_PATTERN, run_id_from_execution(name), re.ASCII)


@given(run_ids)
def test_an_execution_name_that_is_a_run_id_stays(name: str) -> None:
    assert run_id_from_execution(name) == name


def test_long_execution_names_with_a_common_start_give_different_run_ids() -> None:
    assert run_id_from_execution("x" * 79 + "a") != run_id_from_execution("x" * 79 + "b")


def test_a_window_gives_a_run_id() -> None:
    assert run_id_from_window("2026-11-22T10:15:00Z") == "20261122T101500Z"


def test_versions_sort_by_number_and_differ_by_run() -> None:
    assert version_name(2, "run-1") < version_name(10, "run-1")
    assert version_name(1, "run-1") != version_name(1, "run-2")
    assert re.fullmatch(r"v0001-[0-9a-f]{6}", version_name(1, "run-1"))


def test_the_layout_of_the_data_bucket() -> None:
    assert labeling_prefix("d", "r") == "labeling/d/r/"
    assert labels_key("d", "r") == "labels/d/r/labels.jsonl"
    assert augmenting_prefix("d", "r") == "augmenting/d/r/"
    assert version_prefix("d", "v0001-aaaaaa") == "datasets/d/v0001-aaaaaa/"


@pytest.mark.parametrize("name", ["demo-1", "a b.c:d/e=f+g@h", "Ünïcödé_1"])
def test_a_name_that_fits_a_tag_is_its_value(name: str) -> None:
    assert tag_value(name) == name


@pytest.mark.parametrize("name", ["faces (again)!", "it's", "a\nb", "x" * 300])
def test_a_name_that_does_not_fit_a_tag_gets_a_value_of_its_own(name: str) -> None:
    value = tag_value(name)
    assert re.fullmatch(r"[\w .:/=+\-@]{1,256}", value)
    assert value != tag_value(name.replace("(", "[").replace("!", "?").replace("'", '"').replace("\n", "\r") + "y")
