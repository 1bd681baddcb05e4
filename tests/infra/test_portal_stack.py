"""The portal's stack: nothing to pay while nobody labels, and nothing open that need not be."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest

from tests.infra.variants import IN_PORTAL, PORTAL_GUARDED, Synthesized


@pytest.fixture(scope="module")
def stage(synthesized: Callable[[str], Synthesized]) -> Synthesized:
    return synthesized(IN_PORTAL)


@pytest.fixture(scope="module")
def guarded_stage(synthesized: Callable[[str], Synthesized]) -> Synthesized:
    return synthesized(PORTAL_GUARDED)


def test_no_labeling_of_ground_truth_is_deployed_beside_it(stage: Synthesized) -> None:
    assert "workforce" not in stage.templates
    text = json.dumps(stage.templates["workflow"].to_json())
    assert "sagemaker:CreateLabelingJob" not in text
    assert "LabelingRole" not in text


def test_the_table_is_paid_by_request_and_drops_what_is_over(stage: Synthesized, guarded_stage: Synthesized) -> None:
    table = stage.only("portal", "AWS::DynamoDB::Table")
    assert table["BillingMode"] == "PAY_PER_REQUEST"
    assert table["TimeToLiveSpecification"] == {"AttributeName": "expires_at", "Enabled": True}
    (index,) = table["GlobalSecondaryIndexes"]
    assert [key["AttributeName"] for key in index["KeySchema"]] == ["open_in", "open_at"]
    recovery = [
        one.only("portal", "AWS::DynamoDB::Table")["PointInTimeRecoverySpecification"]["PointInTimeRecoveryEnabled"]
        for one in (stage, guarded_stage)
    ]
    assert recovery == [False, True]


def test_people_sign_in_by_code_and_proof_without_a_secret(stage: Synthesized) -> None:
    client = stage.only("portal", "AWS::Cognito::UserPoolClient")
    assert client["GenerateSecret"] is False
    assert client["AllowedOAuthFlows"] == ["code"]
    assert sorted(client["AllowedOAuthScopes"]) == ["email", "openid"]
    assert client.get("ExplicitAuthFlows", []) in ([], ["ALLOW_REFRESH_TOKEN_AUTH"])


def test_the_api_serves_everything_by_one_function_and_logs_no_query(stage: Synthesized) -> None:
    routes = stage.resources("portal", "AWS::ApiGatewayV2::Route").values()
    assert sorted(route["RouteKey"] for route in routes) == ["ANY /", "ANY /{proxy+}"]
    api_stage = stage.only("portal", "AWS::ApiGatewayV2::Stage")
    assert api_stage["DefaultRouteSettings"] == {"ThrottlingBurstLimit": 200, "ThrottlingRateLimit": 100}
    assert "query" not in api_stage["AccessLogSettings"]["Format"].lower()


def test_the_pages_read_what_people_are_shown_and_nothing_else(stage: Synthesized) -> None:
    policies = stage.resources("portal", "AWS::IAM::Policy")
    (pages,) = [policy for name, policy in policies.items() if name.startswith("Functionsportal")]
    reads = [
        resource
        for statement in pages["PolicyDocument"]["Statement"]
        if "s3:GetObject" in statement["Action"]
        for resource in (statement["Resource"] if isinstance(statement["Resource"], list) else [statement["Resource"]])
    ]
    assert sorted(json.dumps(read).rsplit('"', 2)[1] for read in reads) == [
        "/datasets/*/data/*",
        "/instructions/*",
        "/labeling/*/template.liquid.html",
        "/raw/*",
    ]


def test_the_address_ranges_of_the_settings_reach_the_pages(guarded_stage: Synthesized) -> None:
    functions = guarded_stage.resources("portal", "AWS::Lambda::Function").values()
    (ranges,) = [
        function["Environment"]["Variables"]["SOURCE_IPS"]
        for function in functions
        if "SOURCE_IPS" in function.get("Environment", {}).get("Variables", {})
    ]
    assert json.loads(ranges) == ["203.0.113.0/24"]


def test_nobody_to_label_is_told(synthesized: Callable[[str], Synthesized]) -> None:
    assert "HowToAddWorkers" in synthesized(PORTAL_GUARDED).outputs("portal")
