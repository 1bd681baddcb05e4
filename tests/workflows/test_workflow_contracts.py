"""What the states hand out fits those who get it: the functions' models and AWS's own model of its APIs."""

from __future__ import annotations

from typing import Any

import botocore.session
import pytest
from botocore.validate import ParamValidator
from pydantic import BaseModel

from domain.workflow.inputs import AugmentInput, AugmentOutput, LabelInput, LabelOutput, parse
from domain.workflow.states import (
    AskRound,
    AugmentStart,
    AwaitRequest,
    BeginRequest,
    CollectRequest,
    CollectRoundsRequest,
    DecideRound,
    EndRequest,
    JobRequest,
    PublishRequest,
    RoundRequest,
    RunRequest,
    StartRequest,
    ValidationRequest,
)
from tests.workflows.machines import INTERPRETER, Case, Seen, run
from tests.workflows.scripts import (
    ASK,
    ASSIST_RUN,
    ASSISTED,
    BEGUN,
    DECIDE,
    DECIDE_LATER,
    LABELS,
    PIPELINE,
    PUBLISHED,
    fails,
    gives,
)

pytestmark = pytest.mark.skipif(not INTERPRETER.exists(), reason="the local cloud's environment is missing: make setup")

REQUESTS: dict[str, type[BaseModel]] = {
    "pipeline/ValidateInput": ValidationRequest,
    "label/ValidateInput": ValidationRequest,
    "label/Preflight": RunRequest,
    "label/BuildManifest": RunRequest,
    "label/StartLabeling": StartRequest,
    "label/WaitForWorkers": AwaitRequest,
    "label/PollLabeling": JobRequest,
    "label/StopLabeling": RunRequest,
    "label/CollectLabels": CollectRequest,
    "assist/ValidateInput": ValidationRequest,
    "assist/Preflight": RunRequest,
    "assist/BuildManifest": RunRequest,
    "assist/NextRound": RoundRequest,
    "assist/CollectRounds": CollectRoundsRequest,
    "augment/ValidateInput": ValidationRequest,
    "augment/BeginAugmentation": BeginRequest,
    "augment/PublishVersion": PublishRequest,
    "augment/EndAugmentation": EndRequest,
    "augment/EndAfterFailure": EndRequest,
}


@pytest.fixture(scope="module")
def seen() -> list[Seen]:
    several = {"augment/BeginAugmentation": gives({**BEGUN, "fingerprint_job": "kempelen-dev-fingerprint-faces-1"})}
    polls = {"label/WaitForWorkers": fails("States.Timeout"), "label/PollLabeling": fails("AwsError")}
    failing = [polls, {"augment/PublishVersion": fails("LeaseLost")}]
    in_rounds = {"pipeline/ValidateInput": gives(ASSIST_RUN)}
    return run([Case("pipeline", {**PIPELINE, **script}) for script in ({}, several, *failing, in_rounds)])


def calls(seen: list[Seen], state: str) -> list[Any]:
    return [arguments for one in seen for arguments in one.arguments(state)]


@pytest.mark.parametrize("state", REQUESTS)
def test_the_payload_of_a_function_fits_its_model(seen: list[Seen], state: str) -> None:
    payloads = [arguments["Payload"] for arguments in calls(seen, state)]
    assert payloads
    for payload in payloads:
        parse(REQUESTS[state], payload)


def test_the_scripted_answers_fit_the_models_of_the_functions() -> None:
    for model, value in (
        (LabelOutput, LABELS),
        (LabelOutput, ASSISTED),
        (DecideRound, DECIDE),
        (DecideRound, DECIDE_LATER),
        (AskRound, ASK),
        (AugmentStart, BEGUN),
        (AugmentOutput, PUBLISHED),
    ):
        parse(model, value)


def test_the_pipelines_children_get_an_input_that_they_accept(seen: list[Seen]) -> None:
    for machine, model in (("label", LabelInput), ("assist", LabelInput), ("augment", AugmentInput)):
        for arguments in calls(seen, f"{machine}/ValidateInput"):
            parse(model, arguments["Payload"]["input"])


def test_the_processing_job_fits_sagemakers_model(seen: list[Seen]) -> None:
    jobs = calls(seen, "augment/Augment")
    assert {job["ProcessingJobName"].split("-")[2] for job in jobs} == {"augment", "fingerprint"}
    in_rounds = calls(seen, "assist/Decide")
    assert len(in_rounds) == 2
    for job in [*jobs, *in_rounds]:
        assert_fits("sagemaker", "CreateProcessingJob", job)
        assert job["ProcessingResources"]["ClusterConfig"]["VolumeKmsKeyId"] == "the-ProcessingVolumeKeyArn"


def test_the_processing_job_gets_its_code_and_inputs_without_a_network(seen: list[Seen]) -> None:
    job = calls(seen, "augment/Augment")[0]
    assert job["NetworkConfig"] == {"EnableNetworkIsolation": True}
    assert job["AppSpecification"]["ContainerEntrypoint"] == ["python3", "-m", "augmentation.container"]
    assert job["Environment"]["PYTHONPATH"] == "/opt/ml/processing/input/code/the-EngineCodeFile"
    by_name = {item["InputName"]: item["S3Input"] for item in job["ProcessingInputs"]}
    assert by_name["images"]["S3DataDistributionType"] == "ShardedByS3Key"
    assert by_name["config"]["S3Uri"] == BEGUN["config_uri"]
    assert {by_name[name]["S3DataDistributionType"] for name in ("config", "code", "wheelhouse")} == {"FullyReplicated"}
    [output] = job["ProcessingOutputConfig"]["Outputs"]
    assert output["S3Output"]["S3Uri"] == BEGUN["version_uri"]
    assert output["S3Output"]["S3UploadMode"] == "EndOfJob"


def test_no_job_has_a_network_a_secret_or_all_the_time_in_the_world(seen: list[Seen]) -> None:
    """Whatever code a run brings along: https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_NetworkConfig.html"""
    jobs = [*calls(seen, "augment/Augment"), *calls(seen, "assist/Decide")]
    assert len(jobs) >= 4
    for job in jobs:
        assert job["NetworkConfig"]["EnableNetworkIsolation"] is True
        assert set(job["Environment"]) <= {"PYTHONDONTWRITEBYTECODE", "PYTHONPATH", "PYTHONUNBUFFERED"}
        assert 60 <= job["StoppingCondition"]["MaxRuntimeInSeconds"] <= 5 * 24 * 3600


def test_notifications_fit_snss_model(seen: list[Seen]) -> None:
    for state in ("label/NotifyLabeled", "label/NotifyFailure", "assist/NotifyLabeled", "augment/NotifyPublished"):
        for arguments in calls(seen, state):
            assert_fits("sns", "Publish", arguments)


def assert_fits(service: str, operation: str, arguments: dict[str, Any]) -> None:
    model = botocore.session.get_session().get_service_model(service).operation_model(operation)
    report = ParamValidator().validate(arguments, model.input_shape)
    assert not report.has_errors(), report.generate_report()
