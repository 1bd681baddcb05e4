"""The figures of summary.json, and the search for left-overs."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

from domain.labels.rows import LabelRow, Vote
from scripts.demo.executions import summarize
from scripts.demo.leftovers import leftovers
from scripts.demo.rounds import assist_input, figures, in_words
from scripts.demo.summary import summarize_run

AUGMENTED = {
    "outcome": "published",
    "version": "v0001-abcdef",
    "uri": "s3://b/datasets/d/v0001-abcdef/",
    "outputs": 24,
    "quarantined": 1,
    "splits": {"train": 24},
    "exports": {"resize": 2},
    "classes": {"a": 24},
}


def row(name: str, status: str, label: str | None, *votes: str, reason: str | None = None) -> LabelRow:
    cast = tuple(Vote(worker=f"w{index}", label=vote) for index, vote in enumerate(votes))
    labels = (label,) if label else ()
    return LabelRow.model_validate(
        {"source": name, "source_ref": f"s3://b/{name}", "status": status, "label": label, "labels": labels}
        | {"votes": cast, "reason": reason}
    )


def test_every_object_is_counted_once_under_its_status() -> None:
    labels = [
        row("1.jpg", "labeled", "a", "a", "a"),
        row("2.jpg", "labeled", "b", "b", "b"),
        row("3.jpg", "unlabeled", None, reason="the job was stopped"),
        row("x.csv", "rejected", None, reason="not an image"),
    ]
    summary = summarize_run(labels, AUGMENTED, [], Path("report.html"))
    assert (summary["images"], summary["labeled"]) == (4, 2)
    assert summary["unlabeled"] == [{"source": "3.jpg", "reason": "the job was stopped"}]
    assert summary["rejected"] == [{"source": "x.csv", "reason": "not an image"}]
    assert summary["classes"] == {"a": 1, "b": 1}
    assert summary["versions"][0]["outputs"] == 24


def test_agreement_is_the_share_of_agreeing_pairs_of_answers() -> None:
    disputed = summarize_run([row("1", "labeled", "a", "a", "a", "b")], AUGMENTED, [], Path("report.html"))
    assert disputed["worker_agreement"] == round(1 / 3, 4)
    alone = summarize_run([row("1", "labeled", "a", "a")], AUGMENTED, [], Path("report.html"))
    assert alone["worker_agreement"] is None


def test_only_what_the_fresh_cloud_lacked_is_left_over() -> None:
    toolkit = {"service": "s3", "type": "bucket", "id": "cdk-assets"}
    role = {"service": "iam", "type": "role", "id": "forgotten"}
    assert leftovers([toolkit], [toolkit]) == []
    assert leftovers([toolkit], [role, toolkit]) == [role]
    assert leftovers([toolkit, role], [toolkit]) == []


def test_an_execution_is_summarized_with_its_machine_and_its_seconds() -> None:
    began = datetime(2026, 11, 22, tzinfo=UTC)
    execution = {
        "stateMachineArn": "arn:aws:states:us-east-1:000000000000:stateMachine:kempelen-dev-label",
        "name": "demo-1",
        "status": "SUCCEEDED",
        "startDate": began,
        "stopDate": began + timedelta(seconds=12.5),
    }
    assert summarize(execution) == {"name": "kempelen-dev-label/demo-1", "status": "SUCCEEDED", "seconds": 12.5}
    assert summarize({**execution, "stopDate": None, "status": "RUNNING"})["seconds"] is None


def test_a_run_in_rounds_tells_how_many_of_the_machines_labels_are_right() -> None:
    facts = {"model": "m", "threshold": 0.9, "accuracy": 0.95, "round": 1}
    made = [row(f"{name}.jpg", "labeled", "a").model_copy(update={"machine": facts}) for name in "xyz"]
    by = {"person": 1, "consensus": 5, "machine": 3, "unlabeled": 0, "rejected": 0}
    told = {**by, "asked": 6, "rounds": 2, "target": 0.9, "audit": {"hits": 1, "of": 2}}
    answers = {"x.jpg": "a", "y.jpg": "b", "z.jpg": "a"}
    found = figures(told, [*made, row("p.jpg", "labeled", "a")], answers)
    assert (found["machine_right"]["hits"], found["machine_right"]["of"]) == (2, 3)
    assert in_words(found) == (
        "People were asked about 6 of 9 images, in 2 rounds; the machine labeled 3 images, 2 of them right (its "
        "target: 90 %). In audits people confirmed 1 of 2."
    )
    assert "machine_right" not in figures(told, made, None)


def test_few_images_lower_the_floors_and_many_take_the_defaults() -> None:
    assert assist_input(33)["minimum"] < 33
    assert assist_input(5_000) is True
