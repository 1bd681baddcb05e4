"""Bad input is refused at once and by name; a stopped labeling job keeps what was labeled."""

from __future__ import annotations

import json
import time

import pytest

from localcloud.client.scripted_workers import ScriptedWorker, set_passwords
from scripts.demo.job import DemoError
from scripts.demo.labeling import WORKERS, new_password

PATIENCE_SECONDS = 60


def failure(deployed, machine, name, payload):
    """The failed execution, and the names of the states that it entered."""
    arn = deployed.executions.start(deployed.outputs[machine], name, payload)
    with pytest.raises(DemoError):
        deployed.executions.wait(arn)
    states = deployed.clients.states
    events = states.get_paginator("get_execution_history").paginate(executionArn=arn)
    entered = [
        event["stateEnteredEventDetails"]["name"]
        for page in events
        for event in page["events"]
        if "stateEnteredEventDetails" in event
    ]
    return states.describe_execution(executionArn=arn), entered


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"instances": 0}, "instances"),
        ({"dataset": "No Spaces Please"}, "dataset"),
        ({"colour": "red"}, "colour"),
        ({"task": {"type": "image-single-label", "question": "?", "labels": ["only one"]}}, "labels"),
    ],
)
def test_a_malformed_input_fails_in_the_first_state_and_names_the_field(deployed, change, named):
    payload = {**deployed.pipeline_input("lego-faces"), **change}
    execution, entered = failure(deployed, "LabelStateMachineArn", f"bad-{named}", payload)
    assert execution["error"] == "InvalidInput"
    assert named in execution["cause"]
    assert len([state for state in entered if state.startswith("Validate")]) == 1
    assert "Preflight" not in entered


def test_a_bad_recipe_fails_before_anybody_labels(deployed, tmp_path):
    deployed.upload("bad-recipe", tmp_path, count=3, open_mouths=1)
    deployed.clients.s3.put_object(
        Bucket=deployed.bucket, Key="recipes/bad.yaml", Body=b"steps:\n  - nose: {severity: 5}\n"
    )
    payload = deployed.pipeline_input("bad-recipe", recipe="recipes/bad.yaml")
    execution, entered = failure(deployed, "LabelStateMachineArn", "bad-recipe", payload)
    assert execution["error"] == "InvalidRecipe"
    assert "Preflight" not in entered


def test_the_pipeline_fails_with_the_error_of_the_run_that_it_started(deployed):
    execution, _ = failure(deployed, "PipelineStateMachineArn", "bad", {"dataset": "x"})
    assert "task" in execution["cause"]


def test_a_stopped_labeling_job_keeps_what_was_labeled(deployed, tmp_path):
    job = deployed.upload("stopped", tmp_path, count=5, open_mouths=2)
    payload = deployed.pipeline_input("stopped", run_id="stopped")
    payload["task"]["workers_per_object"] = 1
    arn = deployed.executions.start(deployed.outputs["LabelStateMachineArn"], "stopped", payload)
    name = wait_for_job(deployed, "stopped")
    password = new_password()
    set_passwords(deployed.clients.cognito, deployed.outputs["UserPoolId"], WORKERS, password)
    worker = ScriptedWorker(deployed.cloud.portal, WORKERS[0], password, job.answers, seconds_per_task=0.0)
    worker.sign_in()
    while worker.counts.submitted < 2:
        worker.work(name)
    deployed.clients.sagemaker.stop_labeling_job(LabelingJobName=name)
    output = deployed.executions.wait(arn)
    assert output["job_status"] == "Stopped"
    rows = deployed.rows(output["labels_uri"])
    labeled = [row for row in rows if row["status"] == "labeled"]
    unlabeled = [row for row in rows if row["status"] == "unlabeled"]
    assert (len(labeled), len(unlabeled)) == (2, 3)
    assert all(job.answers[row["source"]] == row["label"] for row in labeled)
    assert all(row["reason"] for row in unlabeled), json.dumps(unlabeled)


def wait_for_job(deployed, dataset):
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline:
        found = deployed.clients.sagemaker.list_labeling_jobs(NameContains=dataset)["LabelingJobSummaryList"]
        if found and found[0]["LabelingJobStatus"] == "InProgress":
            return found[0]["LabelingJobName"]
        time.sleep(0.2)
    raise AssertionError(f"no labeling job of {dataset} is in progress after {PATIENCE_SECONDS} s")


def test_a_stopped_pipeline_stops_its_labeling_job_and_keeps_what_was_labeled(deployed, tmp_path):
    job = deployed.upload("aborted", tmp_path, count=5, open_mouths=2)
    payload = deployed.pipeline_input("aborted", run_id="aborted")
    payload["task"]["workers_per_object"] = 1
    arn = deployed.executions.start(deployed.outputs["PipelineStateMachineArn"], "aborted", payload)
    name = wait_for_job(deployed, "aborted")
    password = new_password()
    set_passwords(deployed.clients.cognito, deployed.outputs["UserPoolId"], WORKERS, password)
    worker = ScriptedWorker(deployed.cloud.portal, WORKERS[0], password, job.answers, seconds_per_task=0.0)
    worker.sign_in()
    while worker.counts.submitted < 2:
        worker.work(name)
    deployed.clients.states.stop_execution(executionArn=arn)
    labels = f"s3://{deployed.bucket}/labels/aborted/aborted/labels.jsonl"
    rows = wait_for_rows(deployed, labels)
    assert deployed.clients.sagemaker.describe_labeling_job(LabelingJobName=name)["LabelingJobStatus"] == "Stopped"
    labeled = [row for row in rows if row["status"] == "labeled"]
    assert len(labeled) == 2
    assert all(job.answers[row["source"]] == row["label"] for row in labeled)


def wait_for_rows(deployed, uri):
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline:
        try:
            return deployed.rows(uri)
        except deployed.clients.s3.exceptions.NoSuchKey:
            time.sleep(0.2)
    raise AssertionError(f"there is no {uri} after {PATIENCE_SECONDS} s")
