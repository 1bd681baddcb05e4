"""Whatever a labeling back end says, each object ends exactly once: labeled, unlabeled or rejected, with a reason."""

from __future__ import annotations

import json
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.labeling.answers import votes_of
from domain.labeling.manifest.input_manifest import Manifest, SourceObject, read_manifest
from domain.labeling.port import Answer, LabelingResult
from domain.labeling.rows import label_rows
from domain.labels.rows import LabelRow, Vote, read_labels, write_labels
from domain.labels.tally import Tally
from domain.workflow.inputs import LabelingTask
from labelers.ground_truth.job_output import read_output_manifest
from labelers.ground_truth.worker_responses import read_responses
from tests.support.builders.runs import any_task

TASK = LabelingTask(**any_task())
SOURCES = [f"s3://b/raw/{number}.jpg" for number in range(4)]
MANIFEST = Manifest(
    accepted=[SourceObject(source.rsplit("/", 1)[1], source) for source in SOURCES],
    rejected=[SourceObject("features.csv", "s3://b/raw/features.csv", "is not an image")],
)

json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.sampled_from(["open", "shut", "0"]),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=3), inner, max_size=2),
    max_leaves=4,
)
metadata = st.dictionaries(
    st.sampled_from(["class-name", "confidence", "human-annotated", "failure-reason", "job-name"]), json_values
)
output_rows = st.fixed_dictionaries(
    {},
    optional={
        "source-ref": st.sampled_from([*SOURCES, "s3://b/foreign.jpg"]) | json_values,
        "mouth": json_values,
        "mouth-metadata": metadata | json_values,
    },
)
output_manifests = st.lists(output_rows.map(json.dumps) | st.text(max_size=20), max_size=8).map("\n".join)
answers = st.fixed_dictionaries(
    {},
    optional={
        "workerId": st.sampled_from(["w1", "w2"]) | json_values,
        "submissionTime": st.text(max_size=3) | json_values,
        "answerContent": st.just({"crowd-image-classifier": {"label": "open"}}) | json_values,
    },
)
response_files = st.lists(
    st.tuples(
        st.integers(0, 6).map(lambda n: f"labeling/job/annotations/worker-response/iteration-1/{n}/x.json"),
        st.fixed_dictionaries({"answers": st.lists(answers | json_values, max_size=3) | json_values}).map(json.dumps)
        | st.text(max_size=10),
    ),
    max_size=6,
)


def rows_of(result: LabelingResult, status: str = "Completed") -> list[LabelRow]:
    return list(label_rows(MANIFEST, result, TASK, status))


@given(output_manifests, response_files, st.sampled_from(["Completed", "Stopped", "Failed"]))
def test_each_object_comes_exactly_once_whatever_the_output_says(
    output: str, files: list[tuple[str, str]], status: str
) -> None:
    answered, _ = read_output_manifest(output, TASK, set(SOURCES), {})
    choices, _ = read_responses(files, TASK, [(source, {}) for source in SOURCES])
    votes = {source: votes_of(by_worker) for source, by_worker in choices.items()}
    rows = rows_of(LabelingResult(answered, votes), status)
    wanted = [item.source for item in (*MANIFEST.accepted, *MANIFEST.rejected)]
    assert [row.source for row in rows] == wanted
    assert all(row.reason for row in rows if row.status != "labeled")
    assert all(row.label in TASK.labels for row in rows if row.status == "labeled")
    tally = Tally()
    assert list(tally.each(rows)) == rows
    counts = tally.counts
    assert counts.objects == counts.labeled + counts.unlabeled + counts.rejected == len(wanted)
    assert read_labels(write_labels(rows)) == rows


def test_a_labeled_object_keeps_confidence_method_and_votes() -> None:
    votes = (Vote(worker="w1", label="open"), Vote(worker="w2", label="shut"))
    first = rows_of(LabelingResult({SOURCES[0]: Answer("open", 0.5, "human")}, {SOURCES[0]: votes}))[0]
    assert (first.label, first.labels, first.confidence, first.method) == ("open", ("open",), 0.5, "human")
    assert first.votes == votes
    assert first.reason is None


@pytest.mark.parametrize(
    ("status", "reason"),
    [
        ("Completed", "the job completed without a label for it; 1 of 3 workers had answered"),
        ("Stopped", "the job was stopped before it was labeled; 1 of 3 workers had answered"),
        ("Failed", "the job failed before it was labeled; 1 of 3 workers had answered"),
        ("Lost", "the job ended as Lost before it was labeled; 1 of 3 workers had answered"),
    ],
)
def test_an_unlabeled_object_says_how_far_it_came(status: str, reason: str) -> None:
    row = rows_of(LabelingResult({}, {SOURCES[0]: (Vote(worker="w1", label="open"),)}), status)[0]
    assert (row.status, row.reason) == ("unlabeled", reason)
    assert len(row.votes) == 1


def test_an_answer_that_is_none_of_the_labels_does_not_become_a_class() -> None:
    row = rows_of(LabelingResult({SOURCES[0]: Answer("ajar", 0.9, "human")}))[0]
    assert (row.status, row.label) == ("unlabeled", None)
    assert row.reason == "the answer 'ajar' is none of the task's labels"


def test_the_reason_of_the_backend_is_kept() -> None:
    given_reason = Answer(None, reason="Ground Truth could not label it: ClientError")
    assert rows_of(LabelingResult({SOURCES[1]: given_reason}))[1].reason == given_reason.reason
    assert rows_of(LabelingResult({SOURCES[1]: Answer(None)}))[1].reason == "the answer holds no label"


def test_a_rejected_object_keeps_its_reason() -> None:
    last = rows_of(LabelingResult())[-1]
    assert (last.source, last.status, last.reason) == ("features.csv", "rejected", "is not an image")
    assert Counter(row.status for row in rows_of(LabelingResult())) == {"unlabeled": 4, "rejected": 1}


def test_the_group_that_the_runs_manifest_names_is_kept() -> None:
    lines = ['{"source-ref": "s3://b/raw/0.jpg", "group": 7}', '{"source-ref": "s3://b/raw/1.jpg"}']
    rows = list(label_rows(read_manifest(lines, [], "b", "raw/"), LabelingResult(), TASK, "Completed"))
    assert [(row.source, row.group) for row in rows] == [("0.jpg", "7"), ("1.jpg", None)]
