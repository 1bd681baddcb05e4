"""A run that is not about a whole prefix, as the label workflow calls its functions."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from domain import task_types
from domain.errors import InvalidInput
from domain.task_types import task_type
from tests.support.builders.runs import any_label_input, any_task


def validated(functions: Any, **fields: Any) -> Any:
    event = {"kind": "label", "execution": "execution-1", "input": any_label_input(**fields)}
    return functions("validate_input", event)


def asked(functions: Any) -> list[dict[str, Any]]:
    return [json.loads(line) for line in functions.text("labeling/faces/run-1/input.manifest").splitlines()]


def test_a_run_about_a_manifest_says_what_became_of_each_object_that_it_lists(functions: Any) -> None:
    functions.put("manifests/mine.csv", "file,place\na.jpg,Wien\ngone.jpg,Linz\nfeatures.csv,\n")
    run = validated(functions, manifest="manifests/mine.csv", filter=["*.jpg"])
    assert len(functions("preflight", {"run": run})["checks"]) == 8
    manifest = functions("build_manifest", {"run": run})
    assert [(row["source-ref"].rsplit("/", 1)[1], row["place"]) for row in asked(functions)] == [("a.jpg", "Wien")]
    assert (manifest["accepted"], manifest["rejected"], manifest["left_out"]) == (1, 1, 1)
    job = functions("start_labeling", {"run": run, "manifest": manifest})
    progress = {"status": "Stopped", "finished": True}
    output = functions("collect_labels", {"run": run, "manifest": manifest, "job": job, "progress": progress})
    assert (output["counts"]["objects"], output["left_out"]) == (2, 1)
    rows = map(json.loads, functions.text("labels/faces/run-1/labels.jsonl").splitlines())
    assert {row["source"]: row["status"] for row in rows} == {"a.jpg": "unlabeled", "gone.jpg": "rejected"}


def test_a_manifest_that_is_not_there_is_told_before_anything_starts(functions: Any) -> None:
    with pytest.raises(InvalidInput, match="manifest: there is no s3://"):
        validated(functions, manifest="manifests/mine.csv")


def test_records_of_a_csv_file_need_no_objects_beforehand(functions: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    made = replace(task_type("image-single-label"), name="review", endings=(".json",), content="record", medium=None)
    monkeypatch.setitem(task_types.TASK_TYPES, "review", made)
    functions.put("raw/customers.csv", "id,name,zip\nc-1,Ada,01234\n")
    fields = {"manifest": "raw/customers.csv", "source_prefix": "raw/customers/", "task": any_task(type="review")}
    run = validated(functions, **fields)
    functions("build_manifest", {"run": run})
    assert [row["record"] for row in asked(functions)] == [{"name": "Ada", "zip": "01234"}]
    assert json.loads(functions.text("raw/customers/c-1.json")) == {"name": "Ada", "zip": "01234"}
