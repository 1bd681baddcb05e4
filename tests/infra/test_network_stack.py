from __future__ import annotations

import json
from collections.abc import Callable

from aws_cdk.assertions import Match

from tests.infra.variants import Synthesized


def test_three_private_subnets_lie_in_three_zones(dev: Synthesized) -> None:
    subnets = dev.resources("network", "AWS::EC2::Subnet").values()
    assert [subnet["MapPublicIpOnLaunch"] for subnet in subnets] == [False] * 3
    zones = [subnet["AvailabilityZone"]["Fn::Select"][0] for subnet in subnets]
    assert zones == [0, 1, 2]


def test_without_egress_nothing_in_the_network_costs_by_the_hour(dev: Synthesized) -> None:
    network = dev.templates["network"]
    network.resource_count_is("AWS::EC2::NatGateway", 0)
    network.resource_count_is("AWS::EC2::InternetGateway", 0)
    endpoints = dev.resources("network", "AWS::EC2::VPCEndpoint").values()
    assert {endpoint["VpcEndpointType"] for endpoint in endpoints} == {"Gateway"}


def test_s3_and_dynamodb_are_reached_inside_the_network_whatever_the_egress(
    synthesized: Callable[[str], Synthesized],
) -> None:
    for variant in ("IAM, PublicInternetOnly", "IAM, VpcOnly, NAT"):
        endpoints = synthesized(variant).resources("network", "AWS::EC2::VPCEndpoint").values()
        services = sorted(str(endpoint["ServiceName"]) for endpoint in endpoints)
        assert len([name for name in services if "s3" in name or "dynamodb" in name]) == 2


def test_nat_gives_private_subnets_a_way_out(synthesized: Callable[[str], Synthesized]) -> None:
    network = synthesized("IAM, VpcOnly, NAT").templates["network"]
    network.resource_count_is("AWS::EC2::NatGateway", 1)
    network.has_resource_properties(
        "AWS::EC2::Route", {"DestinationCidrBlock": "0.0.0.0/0", "NatGatewayId": Match.any_value()}
    )


def test_endpoints_alone_serve_studio_without_a_way_to_the_internet(guarded: Synthesized) -> None:
    network = guarded.templates["network"]
    network.resource_count_is("AWS::EC2::NatGateway", 0)
    network.resource_count_is("AWS::EC2::InternetGateway", 0)
    endpoints = guarded.resources("network", "AWS::EC2::VPCEndpoint").values()
    names = " ".join(str(endpoint["ServiceName"]) for endpoint in endpoints)
    for service in ("sagemaker.api", "sagemaker.runtime", "studio", "sts", "logs"):
        assert service in names


def test_the_domain_group_lets_apps_reach_files_and_one_another_alone(dev: Synthesized) -> None:
    inward = dev.resources("network", "AWS::EC2::SecurityGroupIngress").values()
    assert {(rule["FromPort"], rule["ToPort"]) for rule in inward} == {(2049, 2049), (0, 65535)}
    assert all("SourceSecurityGroupId" in rule for rule in inward)
    outward = dev.resources("network", "AWS::EC2::SecurityGroupEgress").values()
    assert {(rule["FromPort"], rule["ToPort"]) for rule in outward} == {(2049, 2049), (0, 65535)}


def test_traffic_is_logged(dev: Synthesized) -> None:
    assert dev.only("network", "AWS::EC2::FlowLog")["TrafficType"] == "ALL"


def test_tenants_are_looked_for_before_anything_of_the_network_is_deleted(dev: Synthesized) -> None:
    """CloudFormation deletes in the reverse order of DependsOn; a refusal leaves the network whole."""
    template = dev.templates["network"]
    (tenants,) = template.find_resources("Custom::KempelenNetworkTenants").values()
    for kind in ("VPC", "Subnet", "VPCEndpoint", "SecurityGroup"):
        parts = set(template.find_resources(f"AWS::EC2::{kind}"))
        assert parts
        assert parts <= set(tenants["DependsOn"]), kind


def test_endpoints_carry_only_what_this_account_signs_and_layers_of_images(guarded: Synthesized) -> None:
    """But Studio's own, which carries browsers."""
    open_to_all = []
    for identity, endpoint in guarded.resources("network", "AWS::EC2::VPCEndpoint").items():
        statements = endpoint.get("PolicyDocument", {"Statement": [{"Resource": "*"}]})["Statement"]
        for statement in statements:
            own = statement.get("Condition") == {"StringEquals": {"aws:PrincipalAccount": {"Ref": "AWS::AccountId"}}}
            layers = "starport-layer-bucket/*" in json.dumps(statement["Resource"])
            if not own and not (layers and statement["Action"] == "s3:GetObject"):
                open_to_all.append(identity)
    assert len(open_to_all) == 1
    assert "SageMakerStudio" in open_to_all[0]
