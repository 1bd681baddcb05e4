"""A dry run of "how to add a task type": its rows and its page, and the functions label with it."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from domain import task_types
from labelers.ground_truth import built_in_functions
from localcloud.ground_truth.job import answers
from localcloud.ground_truth.job import task_types as local_task_types

NAME = "letter-single-label"


@pytest.fixture
def added(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The four files of the list."""
    (tmp_path / "template.liquid.html").write_text("<crowd-classifier header='__HEADER__'>")
    like = task_types.task_type("image-single-label")
    made = replace(like, name=NAME, folder=tmp_path, endings=(".txt",), element="crowd-classifier", medium=None)
    monkeypatch.setitem(task_types.TASK_TYPES, NAME, made)
    built_in = built_in_functions.BuiltIn("TextMultiClass")
    monkeypatch.setitem(built_in_functions.BUILT_IN, NAME, built_in)
    local = local_task_types.TaskType(
        built_in, "crowd-classifier", "groundtruth/text-classification", answers.one_label, answers.one_of_them
    )
    monkeypatch.setitem(local_task_types.TASK_TYPES, "TextMultiClass", local)


def test_rows_and_a_page_are_a_task_type(functions: Any, added: None) -> None:
    functions.put("raw/faces/one.txt", "It was open.")
    task = {"type": NAME, "question": "Is it?", "labels": ["open", "shut"], "label_attribute": "mouth"}
    given = {"dataset": "faces", "run_id": "run-1", "recipe": "recipes/faces.yaml", "task": task}
    run = functions("validate_input", {"kind": "label", "execution": "e-1", "input": given})
    manifest = functions("build_manifest", {"run": run})
    assert functions.text("labeling/faces/run-1/template.liquid.html") == "<crowd-classifier header='Is it?'>"
    job = functions("start_labeling", {"run": run, "manifest": manifest})
    request = functions.sagemaker.jobs[job["name"]]
    human = request["HumanTaskConfig"]
    consolidation = human["AnnotationConsolidationConfig"]["AnnotationConsolidationLambdaArn"]
    local = local_task_types.built_in(human["PreHumanTaskLambdaArn"], consolidation, "us-east-1")
    assert local is not None
    assert local.label([{"crowd-classifier": {"label": "shut"}}], ["open", "shut"]).value == 1
    progress = functions("poll_labeling", {"run": run, "job": answered(functions, job, manifest)})
    output = functions("collect_labels", {"run": run, "manifest": manifest, "job": job, "progress": progress})
    assert output["counts"] == {"objects": 4, "labeled": 1, "unlabeled": 0, "rejected": 3}
    assert output["classes"] == {"open": 0, "shut": 1}
    rows = [json.loads(line) for line in functions.text("labels/faces/run-1/labels.jsonl").splitlines()]
    assert [(row["source"], row["label"], row["votes"]) for row in rows if row["status"] == "labeled"] == [
        ("one.txt", "shut", [{"worker": "w-1", "label": "shut"}])
    ]


def answered(functions: Any, job: dict[str, Any], manifest: dict[str, Any]) -> dict[str, Any]:
    """The job, after one worker has answered the first object; as Ground Truth writes it."""
    folder = f"labeling/faces/run-1/output/{job['name']}"
    first = json.loads(functions.text("labeling/faces/run-1/input.manifest").splitlines()[0])
    metadata = {
        "class-name": "shut",
        "confidence": 0,
        "human-annotated": "yes",
        "type": "groundtruth/text-classification",
    }
    row = {**first, "mouth": 1, "mouth-metadata": metadata}
    functions.put(f"{folder}/manifests/output/output.manifest", json.dumps(row))
    answer = {"workerId": "w-1", "submissionTime": "t", "answerContent": {"crowd-classifier": {"label": "shut"}}}
    functions.put(f"{folder}/annotations/worker-response/iteration-1/0/t.json", json.dumps({"answers": [answer]}))
    functions.sagemaker.jobs[job["name"]]["LabelingJobStatus"] = "Completed"
    return job
