"""SageMaker in state machines: error names, synchronous jobs, and what becomes of a job when its execution ends."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from tests.localcloud.processing import Lab

SDK = "arn:aws:states:::aws-sdk:sagemaker:"
JOB = "arn:aws:states:::sagemaker:createProcessingJob"
SLEEP = "import time; time.sleep(60)"


@pytest.fixture(scope="module")
def lab(client, until) -> Lab:
    return Lab(client, until)


@pytest.fixture
def states(client) -> Any:
    return client("stepfunctions")


@pytest.fixture
def start(states: Any, unique: Callable[[str], str]) -> Callable[..., str]:
    """Start a machine of one task; the execution's ARN."""

    def begin(resource: str, arguments: dict[str, Any], **fields: Any) -> str:
        task = {"Type": "Task", "Resource": resource, "Arguments": arguments, "End": True, **fields}
        definition = {"QueryLanguage": "JSONata", "StartAt": "Task", "States": {"Task": task}}
        machine = states.create_state_machine(
            name=unique("machine"), definition=json.dumps(definition), roleArn="arn:aws:iam::000000000000:role/any"
        )
        return str(states.start_execution(stateMachineArn=machine["stateMachineArn"])["executionArn"])

    return begin


@pytest.fixture
def ended(states: Any, until: Callable[..., Any]) -> Callable[[str], dict[str, Any]]:
    def wait(arn: str) -> dict[str, Any]:
        return dict(until(lambda: states.describe_execution(executionArn=arn), lambda e: e["status"] != "RUNNING"))

    return wait


@pytest.mark.parametrize(
    ("resource", "arguments", "error"),
    [
        (
            SDK + "describeUserProfile",
            {"DomainId": "d-none", "UserProfileName": "a"},
            "SageMaker.ResourceNotFoundException",
        ),
        (SDK + "describeDomain", {"DomainId": "d_1"}, "SageMaker.SageMakerException"),
        (JOB, {"ProcessingJobName": "a_b"}, "SageMaker.AmazonSageMakerException"),
        (JOB + ".sync", {"ProcessingJobName": "a_b"}, "SageMaker.AmazonSageMakerException"),
    ],
)
def test_errors_have_the_names_of_awss_client_libraries(
    start: Any, ended: Any, resource: str, arguments: dict[str, Any], error: str
) -> None:
    assert ended(start(resource, arguments))["error"] == error


def test_a_name_that_is_taken_is_resource_in_use(lab: Lab, start: Any, ended: Any) -> None:
    request = lab.request("print('done')")
    lab.sagemaker.create_processing_job(**request)
    assert ended(start(JOB + ".sync", request))["error"] == "SageMaker.ResourceInUseException"


def test_an_sdk_call_answers_with_the_operations_result(start: Any, ended: Any) -> None:
    described = ended(start(SDK + "listDomains", {}))
    assert described["status"] == "SUCCEEDED"
    assert isinstance(json.loads(described["output"])["Domains"], list)


def test_a_synchronous_job_gives_its_description_with_times_in_milliseconds(lab: Lab, start: Any, ended: Any) -> None:
    described = ended(start(JOB + ".sync", lab.request("print('done')")))
    job = json.loads(described["output"])
    assert job["ProcessingJobStatus"] == "Completed"
    assert job["ProcessingEndTime"] == pytest.approx(described["stopDate"].timestamp() * 1000, abs=30_000)


def test_a_job_that_fails_is_task_failed_with_its_description_as_the_cause(lab: Lab, start: Any, ended: Any) -> None:
    described = ended(start(JOB + ".sync", lab.request("raise SystemExit(3)")))
    assert described["error"] == "States.TaskFailed"
    assert json.loads(described["cause"])["ProcessingJobStatus"] == "Failed"
    assert "output" not in described


def test_a_job_without_sync_is_not_waited_for(lab: Lab, start: Any, ended: Any) -> None:
    request = lab.request("import time; time.sleep(1)")
    described = ended(start(JOB, request))
    assert set(json.loads(described["output"])) == {"ProcessingJobArn"}
    assert lab.ended(request["ProcessingJobName"])["ProcessingJobStatus"] == "Completed"


def test_stopping_the_execution_stops_the_job_and_stays_aborted(lab: Lab, start: Any, states: Any, until: Any) -> None:
    request = lab.request(SLEEP)
    arn = start(JOB + ".sync", request)
    until(lambda: _exists(lab, request), bool)
    states.stop_execution(executionArn=arn)
    assert lab.ended(request["ProcessingJobName"])["ProcessingJobStatus"] == "Stopped"
    assert states.describe_execution(executionArn=arn)["status"] == "ABORTED"


def test_a_state_that_times_out_stops_its_job(lab: Lab, start: Any, ended: Any) -> None:
    request = lab.request(SLEEP)
    described = ended(start(JOB + ".sync", request, TimeoutSeconds=2))
    assert described["error"] == "States.Timeout"
    assert lab.ended(request["ProcessingJobName"])["ProcessingJobStatus"] == "Stopped"


def test_starting_a_running_execution_again_with_the_same_input_answers_with_it(
    states: Any, unique: Callable[[str], str]
) -> None:
    wait = {"StartAt": "Wait", "States": {"Wait": {"Type": "Wait", "Seconds": 60, "End": True}}}
    role = "arn:aws:iam::000000000000:role/any"
    machine = states.create_state_machine(name=unique("wait"), definition=json.dumps(wait), roleArn=role)
    request = {"stateMachineArn": machine["stateMachineArn"], "name": "once", "input": '{"a": 1}'}
    first = states.start_execution(**request)
    assert states.start_execution(**request)["executionArn"] == first["executionArn"]
    with pytest.raises(states.exceptions.ExecutionAlreadyExists):
        states.start_execution(**{**request, "input": '{"a": 2}'})
    states.stop_execution(executionArn=first["executionArn"])
    with pytest.raises(states.exceptions.ExecutionAlreadyExists):
        states.start_execution(**request)


def _exists(lab: Lab, request: dict[str, Any]) -> bool:
    listed = lab.sagemaker.list_processing_jobs(NameContains=request["ProcessingJobName"])
    return bool(listed["ProcessingJobSummaries"])
