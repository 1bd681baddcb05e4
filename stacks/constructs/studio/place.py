"""Where a domain lives: a VPC of the stage's own, or one that exists."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from aws_cdk import Fn
from aws_cdk import aws_ec2 as ec2
from constructs import Construct

from stacks.settings.network import NetworkSettings

_NFS = 2049


@dataclass(frozen=True)
class Place:
    """`subnet_ids`: private, at best one a zone. `security_group_id`: of the apps."""

    vpc_id: str
    subnet_ids: Sequence[str]
    security_group_id: str


def domain_security_group(scope: Construct, vpc: ec2.IVpc, network: NetworkSettings) -> ec2.SecurityGroup:
    """What AWS asks of a VpcOnly domain: NFS to the home file system, and TCP among the apps themselves.

    https://docs.aws.amazon.com/sagemaker/latest/dg/studio-updated-and-internet-access.html
    """
    group = ec2.SecurityGroup(
        scope, "DomainSecurityGroup", vpc=vpc, allow_all_outbound=False, description="SageMaker Studio apps"
    )
    for port, purpose in ((ec2.Port.tcp(_NFS), "home file system"), (ec2.Port.all_tcp(), "app to app")):
        group.add_ingress_rule(group, port, purpose)
        group.add_egress_rule(group, port, purpose)
    if network.mode == "VpcOnly":
        group.add_egress_rule(ec2.Peer.any_ipv4(), ec2.Port.tcp(443), "AWS endpoints")
    return group


def given_place(scope: Construct, network: NetworkSettings) -> Place:
    """In the VPC that the settings name: nothing is looked up, and nothing made but the apps' group, if none is given.

    Raises:
        ValueError: they name none.
    """
    if network.vpc_id is None:
        raise ValueError("the settings name no VPC")
    group = network.security_group_id
    if group is None:
        # Zones are asked for, and no group has any use for them.
        vpc = ec2.Vpc.from_vpc_attributes(
            scope, "GivenVpc", vpc_id=network.vpc_id, availability_zones=[Fn.select(0, Fn.get_azs())]
        )
        group = domain_security_group(scope, vpc, network).security_group_id
    return Place(network.vpc_id, network.subnet_ids, group)
