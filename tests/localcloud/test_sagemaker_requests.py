"""Requests that AWS would reject are rejected: SageMaker's own model decides."""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from typing import Any

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError

from localcloud.client.process import LocalCloud, LocalCloudError

ARN = "arn:aws:sagemaker:us-east-1:000000000000:domain/d-nobodysdomain"


@pytest.fixture
def sagemaker(cloud: LocalCloud) -> Any:
    """A client that sends what it is told, wrong or not."""
    return boto3.client(
        "sagemaker",
        endpoint_url=cloud.endpoint,
        region_name="us-east-1",
        aws_access_key_id="local",
        aws_secret_access_key="local",
        config=Config(parameter_validation=False, retries={"total_max_attempts": 1}),
    )


@pytest.fixture
def faults(cloud: LocalCloud) -> Iterator[Callable[..., None]]:
    yield lambda *rules: cloud.inject_faults(list(rules))
    cloud.inject_faults([])


def refusal(call: Callable[[], Any]) -> tuple[str, str, int]:
    with pytest.raises(ClientError) as caught:
        call()
    response = caught.value.response
    return response["Error"]["Code"], response["Error"]["Message"], response["ResponseMetadata"]["HTTPStatusCode"]


@pytest.mark.parametrize(
    ("parameters", "complaint"),
    [
        ({}, "Value null at 'domainId' failed to satisfy constraint: Member must not be null"),
        (
            {"DomainId": "d_1"},
            "at 'domainId' failed to satisfy constraint: Member must satisfy regular expression pattern",
        ),
        ({"NextToken": "x" * 8193}, "Member must have length less than or equal to 8192"),
        ({"DomainId": 7}, "at 'domainId' failed to satisfy constraint: Member must be of type string"),
        (
            {"DomainId": "d-1", "RetentionPolicy": {"HomeEfsFileSystem": "Burn"}},
            "at 'retentionPolicy.homeEfsFileSystem' failed to satisfy constraint: "
            "Member must satisfy enum value set: [Retain, Delete]",
        ),
    ],
)
def test_a_request_that_breaks_the_model_is_refused_in_aws_words(
    sagemaker: Any, parameters: dict[str, Any], complaint: str
) -> None:
    call = sagemaker.list_domains if "NextToken" in parameters else sagemaker.delete_domain
    code, message, status = refusal(lambda: call(**parameters))
    assert (code, status) == ("ValidationException", 400)
    assert message.startswith("1 validation error detected: ")
    assert complaint in message


def test_every_violation_of_a_request_is_named(sagemaker: Any) -> None:
    tags = [{"Key": "a*b", "Value": 1}]
    _, message, _ = refusal(lambda: sagemaker.add_tags(ResourceArn=ARN, Tags=tags))
    assert message.startswith("2 validation errors detected: ")
    assert "'tags.1.member.key'" in message
    assert "'tags.1.member.value'" in message


def test_an_operation_that_is_not_emulated_is_refused_as_unknown(sagemaker: Any) -> None:
    code, message, _ = refusal(lambda: sagemaker.list_models())
    assert (code, message) == ("UnknownOperationException", "ListModels: the local cloud does not emulate it")


@pytest.mark.parametrize(
    ("body", "code"),
    [(b"{", "SerializationException"), (b'{"Color": "red"}', "ValidationException")],
    ids=["no JSON", "a member that the operation does not have"],
)
def test_a_body_that_no_client_library_would_send_is_refused(cloud: LocalCloud, body: bytes, code: str) -> None:
    request = urllib.request.Request(cloud.endpoint, data=body, headers={"X-Amz-Target": "SageMaker.ListDomains"})
    with pytest.raises(urllib.error.HTTPError) as caught:
        urllib.request.urlopen(request, timeout=10)
    assert json.load(caught.value)["__type"] == code


def test_the_second_and_third_call_are_throttled_when_the_plan_says_so(sagemaker: Any, faults: Any) -> None:
    faults({"operation": "ListDomains", "kind": "throttle", "first": 2, "count": 2})
    outcomes = []
    for _ in range(4):
        try:
            sagemaker.list_domains()
            outcomes.append("answered")
        except ClientError as error:
            outcomes.append(error.response["Error"]["Code"])
    assert outcomes == ["answered", "ThrottlingException", "ThrottlingException", "answered"]


def test_a_lost_response_leaves_the_request_applied(client: Callable[[str], Any], faults: Any) -> None:
    name = "lost-in-transit"
    request = {"WorkteamName": name}
    faults({"operation": "DeleteWorkteam", "kind": "deny"}, {"operation": "DescribeWorkteam", "kind": "server"})
    assert refusal(lambda: client("sagemaker").delete_workteam(**request))[0] == "AccessDeniedException"
    assert refusal(lambda: client("sagemaker").describe_workteam(**request))[2] == 500
    domain = client("sagemaker").list_domains()["Domains"]
    faults({"operation": "ListDomains", "kind": "lost"})
    assert refusal(lambda: client("sagemaker").list_domains())[2] == 503
    assert client("sagemaker").list_domains()["Domains"] == domain


@pytest.mark.parametrize(
    ("rule", "complaint"),
    [
        ({"operation": "ListApps", "kind": "meteorite"}, "kind must be one of closed, deny, in-use"),
        ({"kind": "deny"}, "give operation and kind"),
        ({"operation": "ListApps", "kind": "deny", "when": 3}, "at most first and count"),
    ],
)
def test_a_fault_plan_that_cannot_be_understood_is_refused(
    cloud: LocalCloud, rule: dict[str, Any], complaint: str
) -> None:
    with pytest.raises(LocalCloudError, match=complaint):
        cloud.inject_faults([rule])


def test_an_unknown_admin_request_is_told_what_there_is(cloud: LocalCloud) -> None:
    with pytest.raises(LocalCloudError, match="there are GET inventory"):
        cloud._request("GET", "weather")
