"""docs/costs.md says what the templates cost while nobody works: its counts are theirs."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from scripts.idle_cost import counts, table, total
from tests.infra.variants import IAM_PUBLIC, IN_PORTAL, SSO_PRIVATE, Synthesized

DOCS = Path(__file__).parents[2] / "docs/costs.md"


@pytest.mark.parametrize("variant", [IAM_PUBLIC, SSO_PRIVATE, "IAM, VpcOnly, NAT"])
def test_the_tables_are_those_of_the_templates(variant: str, synthesized: Callable[[str], Synthesized]) -> None:
    found = counts(template.to_json() for template in synthesized(variant).templates.values())
    assert found
    assert table(found) in DOCS.read_text(encoding="utf-8")


def test_an_endpoint_costs_in_each_of_its_zones() -> None:
    endpoint = {"Type": "AWS::EC2::VPCEndpoint", "Properties": {"VpcEndpointType": "Interface", "SubnetIds": [1, 2, 3]}}
    gateway = {"Type": "AWS::EC2::VPCEndpoint", "Properties": {"VpcEndpointType": "Gateway"}}
    nat = {"Type": "AWS::EC2::NatGateway"}, {"Type": "AWS::EC2::EIP"}
    resources = {"a": endpoint, "b": endpoint, "c": gateway, "d": nat[0], "e": nat[1]}
    found = counts([{"Resources": resources}])
    assert total(found) == pytest.approx(6 * 7.30 + 32.85 + 3.65)


FREE_WHILE_IDLE = {
    "AWS::ApiGatewayV2::Api",
    "AWS::ApiGatewayV2::Integration",
    "AWS::ApiGatewayV2::Route",
    "AWS::ApiGatewayV2::Stage",
    "AWS::CDK::Metadata",
    "AWS::Cognito::UserPool",
    "AWS::Cognito::UserPoolClient",
    "AWS::Cognito::UserPoolDomain",
    "AWS::Cognito::UserPoolGroup",
    "AWS::Cognito::UserPoolUser",
    "AWS::Cognito::UserPoolUserToGroupAttachment",
    "AWS::DynamoDB::Table",
    "AWS::IAM::Policy",
    "AWS::IAM::Role",
    "AWS::Lambda::Function",
    "AWS::Lambda::LayerVersion",
    "AWS::Lambda::Permission",
    "AWS::Logs::LogGroup",
    "Custom::KempelenInvitations",
}


def test_the_portal_is_free_while_nobody_labels(synthesized: Callable[[str], Synthesized]) -> None:
    resources = synthesized(IN_PORTAL).templates["portal"].to_json()["Resources"].values()
    assert {resource["Type"] for resource in resources} <= FREE_WHILE_IDLE
    (table,) = [resource for resource in resources if resource["Type"] == "AWS::DynamoDB::Table"]
    assert table["Properties"]["BillingMode"] == "PAY_PER_REQUEST"
    assert not table["Properties"]["PointInTimeRecoverySpecification"]["PointInTimeRecoveryEnabled"]
