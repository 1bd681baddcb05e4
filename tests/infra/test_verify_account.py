"""What `verify_account` knows of CloudFormation's kinds is held against the templates."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from scripts.verify_account.names import kinds
from scripts.verify_account.permissions import CREATES
from scripts.verify_account.stage import load_stage
from stacks.settings.loading import CONFIG
from tests.infra.variants import BY_ITSELF, IAM_PUBLIC, SSO_PRIVATE, Synthesized

# Made together with another resource, or by a call that the table has for that.
WITH_ANOTHER = (
    *("ApiGatewayV2::Integration", "ApiGatewayV2::Route", "ApiGatewayV2::Stage", "Cognito::UserPoolUICustomization"),
    *("Cognito::UserPoolUserToGroupAttachment", "EC2::EIP", "EC2::InternetGateway", "EC2::Route", "EC2::RouteTable"),
    *("EC2::SecurityGroupEgress", "EC2::SecurityGroupIngress", "EC2::SubnetRouteTableAssociation"),
    *("EC2::VPCGatewayAttachment", "SNS::Subscription", "SNS::TopicPolicy", "SQS::QueuePolicy"),
)


@pytest.mark.parametrize("variant", [BY_ITSELF, IAM_PUBLIC, SSO_PRIVATE])
def test_the_right_to_make_each_kind_of_the_templates_is_asked_for(
    variant: str, synthesized: Callable[[str], Synthesized]
) -> None:
    made = synthesized(variant)
    found = {one["Type"] for each in made.templates.values() for one in each.to_json()["Resources"].values()}
    of_aws = {kind for kind in found if kind.startswith("AWS::")}
    assert of_aws - set(CREATES) - {f"AWS::{kind}" for kind in WITH_ANOTHER} == set()


def test_what_verify_reads_of_an_assembly_is_in_one(dev: Synthesized) -> None:
    stage = load_stage("dev", dev.folder, CONFIG)
    assert stage.machines == ["ml.m5.xlarge"]
    assert stage.image is not None
    assert "ground_truth" in stage.backends
    assert len(stage.stacks) == len(dev.templates)
    for kind in ("AWS::Lambda::Function", "AWS::Logs::LogGroup", "AWS::StepFunctions::StateMachine"):
        assert kind in kinds()
        assert any(stage.of_kind(kind))
