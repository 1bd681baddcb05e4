"""The functions of the augment workflow, one after the other as the workflow calls them."""

from __future__ import annotations

import json
from typing import Any

import boto3
import pytest

from domain.errors import NoLabels
from domain.labels.rows import LabelRow, write_labels
from tests.support.builders.runs import any_augment_input

LABELS = "labels/faces/run-1/labels.jsonl"
ROW = {
    "source": "a.jpg",
    "path": "data/train/open/a~plain~0~00000000.jpg",
    "split": "train",
    "label": "open",
    "export": "plain",
    "variant": 0,
    "steps": [],
    "seed": 7,
    "sha256": "0" * 64,
    "identity": "0" * 16,
    "width": 8,
    "height": 8,
}


def validated(functions: Any, execution: str = "execution-1", **fields: Any) -> Any:
    row = LabelRow(source="a.jpg", source_ref="s3://x/a.jpg", status="labeled", label="open", labels=("open",))
    functions.put(LABELS, write_labels([row]))
    given = {"labels_uri": f"s3://data-bucket/{LABELS}", "run_id": "run-1", "instances": 1, **fields}
    event = {"kind": "augment", "execution": execution, "input": any_augment_input(**given)}
    return functions("validate_input", event)


def work(functions: Any, version: str) -> None:
    root = f"datasets/faces/{version}/parts/algo-1/"
    functions.put(f"{root}manifest.jsonl", json.dumps(ROW) + "\n")
    for name in ("quarantine.jsonl", "samples.jsonl"):
        functions.put(root + name, "")
    functions.put(f"{root}part.json", json.dumps({"seed": 7, "recipe_sha256": "1" * 64, "libraries": {}}))


def test_a_whole_run_from_the_input_to_the_published_version(functions: Any) -> None:
    run = validated(functions)
    begun = functions("begin_augmentation", {"run": run})
    assert begun["outcome"] == "start"
    work(functions, begun["version"])
    output = functions("publish_version", {"run": run, "begun": begun})
    assert (output["outcome"], output["outputs"], output["classes"]) == ("published", 1, {"open": 1})
    assert functions("end_augmentation", {"run": run}) == {"released": True}
    assert functions.text(f"datasets/faces/{begun['version']}/_SUCCESS") == ""
    again = functions("begin_augmentation", {"run": validated(functions, "execution-2")})
    assert again["result"] == {**output, "outcome": "already-published"}


def test_of_two_at_a_time_one_waits_while_the_others_execution_runs(functions: Any) -> None:
    states = boto3.client("stepfunctions")
    role = "arn:aws:iam::123456789012:role/machine"
    definition = json.dumps({"StartAt": "End", "States": {"End": {"Type": "Succeed"}}})
    machine = states.create_state_machine(name="kempelen-dev-augment", definition=definition, roleArn=role)
    arn = states.start_execution(stateMachineArn=machine["stateMachineArn"], name="execution-1")["executionArn"]
    first = functions("begin_augmentation", {"run": validated(functions)})
    second = functions("begin_augmentation", {"run": validated(functions, "execution-2", run_id="run-2")})
    assert (first["outcome"], second["outcome"]) == ("start", "wait")
    assert "run 'run-1'" in second["result"]["reason"]
    states.stop_execution(executionArn=arn)
    third = functions("begin_augmentation", {"run": validated(functions, "execution-2", run_id="run-2")})
    assert third["outcome"] == "start"


def test_a_holder_that_step_functions_has_forgotten_does_not_run(functions: Any) -> None:
    first = functions("begin_augmentation", {"run": validated(functions)})
    second = functions("begin_augmentation", {"run": validated(functions, "execution-2", run_id="run-2")})
    assert (first["outcome"], second["outcome"]) == ("start", "start")


def test_a_failure_is_noted_and_the_lease_released(functions: Any, capsys: pytest.CaptureFixture[str]) -> None:
    run = validated(functions)
    functions("begin_augmentation", {"run": run})
    failure = {"Error": "States.TaskFailed", "Cause": "AlgorithmError"}
    assert functions("end_augmentation", {"run": run, "failure": failure}) == {"released": True}
    metrics = [json.loads(line) for line in capsys.readouterr().out.splitlines() if '"_aws"' in line]
    assert metrics[-1]["RunsFailed"] == [1.0]
    assert functions("begin_augmentation", {"run": validated(functions, "execution-2")})["outcome"] == "start"


def test_a_data_set_without_labels_is_refused(functions: Any) -> None:
    with pytest.raises(NoLabels):
        functions("begin_augmentation", {"run": validated(functions, labels_uri=None)})
