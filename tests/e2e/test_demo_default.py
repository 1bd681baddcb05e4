"""The demo as it comes: 33 drawn faces, from an empty cloud to an empty cloud."""

from __future__ import annotations

import hashlib
from collections import Counter
from pathlib import Path

import pytest

IMAGES = 33
OUTPUTS_PER_TRAINING_IMAGE = 12
MINORITY_SHARE = 0.8


@pytest.fixture(scope="module")
def demo(run_demo):
    done = run_demo()
    assert done.status == 0, done.output
    return done


def test_every_image_is_labeled_or_listed_with_a_reason(demo):
    summary = demo.summary
    assert (summary["images"], summary["backend"]) == (IMAGES, "ground_truth")
    assert summary["labeled"] + len(summary["unlabeled"]) + len(summary["rejected"]) == IMAGES
    assert all(row["reason"] for row in summary["unlabeled"] + summary["rejected"])
    assert summary["labeled"] >= IMAGES - 1


def test_both_classes_are_found_though_one_worker_errs(demo):
    summary = demo.summary
    assert set(summary["classes"]) == {"mouth open", "mouth not open"}
    assert sum(summary["classes"].values()) == summary["labeled"]
    assert 5 <= summary["classes"]["mouth open"] <= 9
    assert 0.8 <= summary["worker_agreement"] < 1.0


def test_each_training_image_yields_at_least_twelve_outputs(demo):
    outputs = Counter(row["source"] for row in demo.manifest if row["split"] == "train")
    assert len(outputs) >= 20
    assert min(outputs.values()) >= OUTPUTS_PER_TRAINING_IMAGE


def test_the_minority_class_is_raised_to_the_majority(demo):
    classes = Counter(row["label"] for row in demo.manifest if row["split"] == "train")
    assert min(classes.values()) >= MINORITY_SHARE * max(classes.values())


def test_only_the_training_split_is_augmented(demo):
    held_out = Counter(row["source"] for row in demo.manifest if row["split"] != "train")
    assert held_out
    assert set(held_out.values()) == {1}
    assert not {row["source"] for row in demo.manifest if row["split"] == "train"} & set(held_out)


def test_files_and_manifest_tell_the_same_story(demo):
    folder = demo.work / "dataset"
    rows = {row["path"]: row for row in demo.manifest}
    files = {path.relative_to(folder).as_posix() for path in (folder / "data").rglob("*") if path.is_file()}
    assert files == set(rows)
    for path, row in rows.items():
        assert path.split("/")[1:3] == [row["split"], row["label"]]
        assert hashlib.sha256((folder / path).read_bytes()).hexdigest() == row["sha256"]
        assert {"source", "export", "variant", "steps", "seed"} <= set(row)


def test_the_version_is_whole(demo):
    names = {path.name for path in (demo.work / "dataset").iterdir()}
    assert {"_SUCCESS", "data", "manifest.jsonl", "augmented.manifest", "dataset.json", "report.html"} <= names
    assert "parts" not in names
    version = demo.summary["versions"][0]
    assert version["outputs"] == len(demo.manifest)
    assert version["quarantined"] == 0
    assert sum(version["splits"].values()) == version["outputs"]
    assert {"resize", "resize-noise"} <= set(version["exports"])


def test_nothing_is_left_over_and_every_execution_succeeded(demo):
    summary = demo.summary
    assert summary["leftovers"] == []
    assert {execution["name"].split("/")[0].rsplit("-", 1)[-1] for execution in summary["executions"]} == {
        "pipeline",
        "label",
        "augment",
        "teardown",
    }
    assert {execution["status"] for execution in summary["executions"]} == {"SUCCEEDED"}
    assert set(summary["seconds"]) == {"deploy", "label", "augment", "teardown", "destroy", "total"}
    report = Path(summary["report"]).read_text(encoding="utf-8")
    # What SageMaker's own start and end of the jobs come to, beside what was estimated before them.
    assert "of all machines by SageMaker" in report
    assert "estimated before: $" in report


def test_the_terminal_shows_a_line_for_each_station(demo):
    for station in ("Deploy", "Upload", "Label", "Augment", "Teardown", "Destroy", "left-overs"):
        assert any(line.startswith("✓") and station in line for line in demo.output.splitlines()), demo.output
