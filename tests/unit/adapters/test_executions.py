"""Executions as Step Functions tells of them."""

from __future__ import annotations

from typing import Any

import botocore.session
import pytest
from botocore.stub import Stubber

from adapters.executions import StepFunctionsExecutions
from domain.errors import AccessDenied
from domain.workflow.states import LabelingProgress

PROGRESS = LabelingProgress(status="Completed", finished=True, labeled=2)
MACHINE = "arn:aws:states:us-east-1:123456789012:stateMachine:kempelen-dev-label"
EXECUTION = "arn:aws:states:us-east-1:123456789012:execution:kempelen-dev-label:run-1"


@pytest.fixture
def states() -> Any:
    keys = {"aws_access_key_id": "testing", "aws_secret_access_key": "testing"}
    return botocore.session.get_session().create_client("stepfunctions", region_name="us-east-1", **keys)


@pytest.mark.parametrize(
    ("status", "runs"),
    [
        ("RUNNING", True),
        ("PENDING_REDRIVE", True),
        ("SUCCEEDED", False),
        ("FAILED", False),
        ("TIMED_OUT", False),
        ("ABORTED", False),
    ],
)
def test_an_execution_runs_until_it_has_ended(states: Any, status: str, runs: bool) -> None:
    with Stubber(states) as stub:
        answer = {"executionArn": EXECUTION, "stateMachineArn": MACHINE, "startDate": 0, "status": status}
        stub.add_response("describe_execution", answer, {"executionArn": EXECUTION})
        assert StepFunctionsExecutions(states, MACHINE).runs("run-1") is runs


def test_an_execution_that_is_forgotten_does_not_run(states: Any) -> None:
    with Stubber(states) as stub:
        stub.add_client_error("describe_execution", "ExecutionDoesNotExist")
        assert not StepFunctionsExecutions(states, MACHINE).runs("run-1")


def test_a_wait_is_ended_by_its_token(states: Any) -> None:
    with Stubber(states) as stub:
        stub.add_response("send_task_success", {}, {"taskToken": "token", "output": PROGRESS.model_dump_json()})
        assert StepFunctionsExecutions(states, MACHINE).wake("token", PROGRESS)


@pytest.mark.parametrize("code", ["TaskDoesNotExist", "TaskTimedOut"])
def test_a_token_whose_wait_is_over_wakes_nobody(states: Any, code: str) -> None:
    with Stubber(states) as stub:
        stub.add_client_error("send_task_success", code)
        assert not StepFunctionsExecutions(states, MACHINE).wake("token", PROGRESS)


def test_what_else_goes_wrong_is_said(states: Any) -> None:
    with Stubber(states) as stub:
        stub.add_client_error("send_task_success", "AccessDeniedException")
        with pytest.raises(AccessDenied, match="wake the execution"):
            StepFunctionsExecutions(states, MACHINE).wake("token", PROGRESS)
