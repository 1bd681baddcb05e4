"""RedriveExecution as on AWS: from the state that did not succeed, retries counted anew, the name kept."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError

SDK = "arn:aws:states:::aws-sdk:"
ROLE = "arn:aws:iam::000000000000:role/any"


@pytest.fixture
def states(client: Callable[[str], Any]) -> Any:
    return client("stepfunctions")


@pytest.fixture
def start(states: Any, unique: Callable[[str], str]) -> Callable[..., str]:
    def begin(first: str, **named: dict[str, Any]) -> str:
        definition = {"QueryLanguage": "JSONata", "StartAt": first, "States": named}
        machine = states.create_state_machine(name=unique("machine"), definition=json.dumps(definition), roleArn=ROLE)
        arn = machine["stateMachineArn"]
        return str(states.start_execution(stateMachineArn=arn, name=unique("run"), input='{"n": 1}')["executionArn"])

    return begin


@pytest.fixture
def ended(states: Any, until: Callable[..., Any]) -> Callable[[str], dict[str, Any]]:
    return lambda arn: dict(
        until(lambda: states.describe_execution(executionArn=arn), lambda e: e["status"] != "RUNNING")
    )


def parameter(name: str, **more: Any) -> dict[str, Any]:
    """A task that fails until the bucket is there."""
    arguments = {"Bucket": name}
    return {
        "Type": "Task",
        "Resource": f"{SDK}s3:headBucket",
        "Arguments": arguments,
        "TimeoutSeconds": 60,
        "End": True,
        **more,
    }


def events(states: Any, arn: str) -> list[str]:
    return [event["type"] for event in states.get_execution_history(executionArn=arn)["events"]]


def test_a_failed_execution_goes_on_in_the_state_that_failed_with_what_it_knew(
    states: Any, start: Callable[..., str], ended: Any, unique: Any, client: Any
) -> None:
    bucket = unique("bucket")
    first = {"Type": "Pass", "Assign": {"known": "{% $states.input.n + 1 %}"}, "Next": "Task"}
    task = parameter(bucket, Output="{% {'known': $known, 'redrives': $states.context.Execution.RedriveCount} %}")
    arn = start("First", First=first, Task=task)
    failed = ended(arn)
    assert (failed["status"], failed["redriveStatus"], failed["redriveCount"]) == ("FAILED", "REDRIVABLE", 0)
    client("s3").create_bucket(Bucket=bucket)
    assert states.redrive_execution(executionArn=arn)["redriveDate"]
    done = ended(arn)
    assert done["status"] == "SUCCEEDED"
    assert json.loads(done["output"]) == {"known": 2, "redrives": 1}
    assert (done["redriveCount"], done["redriveStatus"]) == (1, "NOT_REDRIVABLE")
    assert events(states, arn).count("PassStateEntered") == 1
    assert events(states, arn).count("ExecutionRedriven") == 1


def test_a_fail_state_fails_again(states: Any, start: Callable[..., str], ended: Any) -> None:
    arn = start("No", No={"Type": "Fail", "Error": "No", "Cause": "for good"})
    ended(arn)
    states.redrive_execution(executionArn=arn)
    again = ended(arn)
    assert (again["status"], again["error"], again["redriveCount"]) == ("FAILED", "No", 1)


def test_a_task_fails_by_its_own_token_and_a_redrive_may_go_elsewhere(
    states: Any, start: Callable[..., str], ended: Any
) -> None:
    failed = {
        "Type": "Task",
        "Resource": f"{SDK}sfn:sendTaskFailure.waitForTaskToken",
        "Arguments": {
            "TaskToken": "{% $states.context.Task.Token %}",
            "Error": "{% $exists($states.context.Execution.RedriveCount) ? 'Redriven' : 'Said' %}",
            "Cause": "in plain words",
        },
        "TimeoutSeconds": 60,
        "Catch": [{"ErrorEquals": ["Redriven"], "Next": "Elsewhere"}],
        "End": True,
    }
    arn = start("Failed", Failed=failed, Elsewhere={"Type": "Succeed"})
    first = ended(arn)
    assert (first["status"], first["error"], first["cause"]) == ("FAILED", "Said", "in plain words")
    states.redrive_execution(executionArn=arn)
    assert ended(arn)["status"] == "SUCCEEDED"


def test_a_stopped_execution_enters_its_state_again(
    states: Any, start: Callable[..., str], ended: Any, until: Any
) -> None:
    arn = start(
        "Wait",
        Wait={
            "Type": "Wait",
            "Seconds": "{% $exists($states.context.Execution.RedriveCount) ? 0 : 600 %}",
            "Next": "Done",
        },
        Done={"Type": "Succeed"},
    )
    until(lambda: events(states, arn), lambda seen: "WaitStateEntered" in seen)
    states.stop_execution(executionArn=arn)
    assert ended(arn)["status"] == "ABORTED"
    states.redrive_execution(executionArn=arn)
    assert ended(arn)["status"] == "SUCCEEDED"


def test_what_runs_or_has_succeeded_is_refused_and_so_is_what_is_not_there(
    states: Any, start: Callable[..., str], ended: Any
) -> None:
    arn = start("Done", Done={"Type": "Succeed"})
    ended(arn)
    with pytest.raises(ClientError, match=r"ExecutionNotRedrivable.*SUCCEEDED"):
        states.redrive_execution(executionArn=arn)
    with pytest.raises(ClientError, match="ExecutionDoesNotExist"):
        states.redrive_execution(executionArn=f"{arn}-none")
