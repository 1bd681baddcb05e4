"""Accounts that cannot or need not have a workforce of the stage's own: each deploys, says what it can do, and goes."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from localcloud.client.process import PROJECT
from tests.localcloud.labeling import wait_until
from tests.localcloud.stage import Stage, running


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    with running(tmp_path_factory.mktemp("accounts")) as made:
        yield made


def deploy(stage: Stage, *stacks: str, **workforce: Any) -> None:
    done = stage.deploy(*(stacks or ("--all",)), workforce=json.dumps(workforce))
    assert done.returncode == 0, done.stdout + done.stderr


def destroy(stage: Stage) -> None:
    done = stage.cdk("destroy", "--all", "--force", "--app", "cdk.out")
    assert done.returncode == 0, done.stdout + done.stderr


def label(stage: Stage) -> dict[str, Any]:
    """One execution of the pipeline over one image, as soon as it has ended or waits for its workers."""
    outputs = stage.outputs()
    s3, states = stage.client("s3"), stage.client("stepfunctions")
    s3.put_object(Bucket=outputs["DataBucketName"], Key="raw/faces/a.png", Body=b"any")
    s3.upload_file(str(PROJECT / "recipes/lego-faces.yaml"), outputs["DataBucketName"], "recipes/lego-faces.yaml")
    task = {"type": "image-single-label", "title": "Faces", "question": "Is it one?", "labels": ["yes", "no"]}
    given = {"dataset": "faces", "run_id": "one", "task": task, "recipe": "recipes/lego-faces.yaml"}
    run = states.start_execution(stateMachineArn=outputs["PipelineStateMachineArn"], input=json.dumps(given))
    jobs = stage.client("sagemaker").list_labeling_jobs
    wait_until(
        lambda: (
            states.describe_execution(executionArn=run["executionArn"])["status"] != "RUNNING"
            or bool(jobs(StatusEquals="InProgress")["LabelingJobSummaryList"])
        )
    )
    return dict(states.describe_execution(executionArn=run["executionArn"]))


@pytest.mark.long
def test_an_account_without_ground_truth_has_all_but_labeling_which_says_what_to_do(stage: Stage) -> None:
    deploy(stage, enabled=False)
    assert "kempelen-dev-workforce" not in stage.stacks()
    ended = label(stage)
    assert ended["status"] == "FAILED"
    assert "PreflightFailed" in json.dumps([ended["error"], ended["cause"]])
    assert "workforce.enabled = false, so nobody can label" in ended["cause"]
    destroy(stage)
    assert [one for one in stage.cloud.inventory() if one not in stage.toolkit] == []
