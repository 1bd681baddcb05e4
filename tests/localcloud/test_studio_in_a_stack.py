"""CloudFormation meets the same refusals as the API: what people did with a domain keeps its stack from deletion."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from tests.localcloud.studio import ROLE, Studio

NETWORK = {
    "Vpc": {"Type": "AWS::EC2::VPC", "Properties": {"CidrBlock": "10.9.0.0/16"}},
    "Subnet": {
        "Type": "AWS::EC2::Subnet",
        "Properties": {"VpcId": {"Ref": "Vpc"}, "CidrBlock": "10.9.0.0/24", "AvailabilityZone": "us-east-1a"},
    },
    "Group": {
        "Type": "AWS::EC2::SecurityGroup",
        "Properties": {"GroupDescription": "apps", "VpcId": {"Ref": "Vpc"}},
    },
}
DOMAIN = {
    "Type": "AWS::SageMaker::Domain",
    "Properties": {
        "DomainName": "in-a-stack",
        "AuthMode": "IAM",
        "VpcId": {"Ref": "Vpc"},
        "SubnetIds": [{"Ref": "Subnet"}],
        "DefaultUserSettings": {"ExecutionRole": ROLE, "SecurityGroups": [{"Fn::GetAtt": ["Group", "GroupId"]}]},
    },
}


@pytest.fixture
def stack(client: Callable[[str], Any], unique: Callable[[str], str], until: Callable[..., Any]) -> Callable[..., str]:
    """Creates the stack, or deletes it by its name; waits and gives the name or the final status."""
    cloudformation = client("cloudformation")

    def status(name: str) -> str:
        stacks = cloudformation.describe_stacks()["Stacks"]
        return next((one["StackStatus"] for one in stacks if one["StackName"] == name), "DELETE_COMPLETE")

    def change(resources: dict | None = None, delete: str = "") -> str:
        if delete:
            cloudformation.delete_stack(StackName=delete)
            return until(lambda: status(delete), lambda now: now in ("DELETE_COMPLETE", "DELETE_FAILED"))
        name = unique("stack")
        cloudformation.create_stack(StackName=name, TemplateBody=json.dumps({"Resources": resources}))
        assert until(lambda: status(name), lambda now: not now.endswith("PROGRESS")) == "CREATE_COMPLETE"
        return name

    return change


def resource(client: Callable[[str], Any], stack_name: str, logical_id: str) -> str:
    found = client("cloudformation").describe_stack_resources(StackName=stack_name)["StackResources"]
    return next(one["PhysicalResourceId"] for one in found if one["LogicalResourceId"] == logical_id)


def test_an_unused_network_goes_with_its_stack(stack) -> None:
    assert stack(delete=stack(NETWORK)) == "DELETE_COMPLETE"


def test_the_home_file_system_keeps_the_stack_from_deletion(client, stack) -> None:
    name = stack({**NETWORK, "Domain": DOMAIN})
    subnet = resource(client, name, "Subnet")
    assert stack(delete=name) == "DELETE_FAILED"
    left = client("ec2").describe_network_interfaces(Filters=[{"Name": "subnet-id", "Values": [subnet]}])
    assert [eni["Description"].split()[0] for eni in left["NetworkInterfaces"]] == ["EFS"]


def test_a_profile_made_by_hand_keeps_the_domain_from_deletion(client, until, stack) -> None:
    name = stack({**NETWORK, "Domain": DOMAIN})
    domain = resource(client, name, "Domain")
    Studio(client, until).profile(domain, "made-by-hand")
    assert stack(delete=name) == "DELETE_FAILED"
    assert client("sagemaker").describe_domain(DomainId=domain)["Status"] == "InService"
