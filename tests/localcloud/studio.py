"""What the tests of Studio share: a network, domains and their children, and waiting for a state."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest
from botocore.exceptions import ClientError

ROLE = "arn:aws:iam::000000000000:role/any-execution-role"


def refusal(call: Callable[..., Any], **request: Any) -> tuple[str, str]:
    """The error code and message with which the call is refused."""
    with pytest.raises(ClientError) as caught:
        call(**request)
    return caught.value.response["Error"]["Code"], caught.value.response["Error"]["Message"]


@dataclass(frozen=True)
class Network:
    vpc: str
    subnets: list[str]
    group: str


@dataclass(frozen=True)
class Studio:
    """Makes Studio resources in a VPC of its own, and waits for their states."""

    client: Callable[[str], Any]
    until: Callable[..., Any]
    network: Network = field(init=False)

    def __post_init__(self) -> None:
        ec2 = self.client("ec2")
        vpc = ec2.create_vpc(CidrBlock="10.7.0.0/16")["Vpc"]["VpcId"]
        subnets = [
            ec2.create_subnet(VpcId=vpc, CidrBlock=f"10.7.{n}.0/24", AvailabilityZone=f"us-east-1{zone}")["Subnet"][
                "SubnetId"
            ]
            for n, zone in enumerate("ab")
        ]
        group = ec2.create_security_group(GroupName="apps", Description="apps", VpcId=vpc)["GroupId"]
        object.__setattr__(self, "network", Network(vpc, subnets, group))

    @property
    def sagemaker(self) -> Any:
        return self.client("sagemaker")

    def domain_request(self, **changes: Any) -> dict[str, Any]:
        return {
            "DomainName": f"domain-{uuid.uuid4().hex[:8]}",
            "AuthMode": "IAM",
            "DefaultUserSettings": {"ExecutionRole": ROLE, "SecurityGroups": [self.network.group]},
            "VpcId": self.network.vpc,
            "SubnetIds": self.network.subnets,
            **changes,
        }

    def domain(self, **changes: Any) -> str:
        domain_id: str = self.sagemaker.create_domain(**self.domain_request(**changes))["DomainId"]
        self.domain_reaches(domain_id, "InService")
        return domain_id

    def domain_reaches(self, domain_id: str, status: str) -> dict[str, Any]:
        return dict(
            self.until(lambda: self.sagemaker.describe_domain(DomainId=domain_id), lambda d: d["Status"] == status)
        )

    def domain_gone(self, domain_id: str) -> None:
        self.until(lambda: self.domain_ids(), lambda ids: domain_id not in ids)

    def domain_ids(self) -> list[str]:
        pages = self.sagemaker.get_paginator("list_domains").paginate()
        return [domain["DomainId"] for page in pages for domain in page["Domains"]]

    def profile(self, domain_id: str, name: str = "ada", **settings: Any) -> str:
        self.sagemaker.create_user_profile(DomainId=domain_id, UserProfileName=name, **settings)
        self.until(
            lambda: self.sagemaker.describe_user_profile(DomainId=domain_id, UserProfileName=name),
            lambda profile: profile["Status"] == "InService",
        )
        return name

    def space(self, domain_id: str, owner: str, name: str = "workbench", app_type: str = "JupyterLab") -> str:
        self.sagemaker.create_space(
            DomainId=domain_id,
            SpaceName=name,
            SpaceSettings={"AppType": app_type},
            OwnershipSettings={"OwnerUserProfileName": owner},
            SpaceSharingSettings={"SharingType": "Private"},
        )
        self.until(
            lambda: self.sagemaker.describe_space(DomainId=domain_id, SpaceName=name),
            lambda space: space["Status"] == "InService",
        )
        return name

    def app(self, **key: str) -> dict[str, str]:
        """A running app; its key."""
        self.sagemaker.create_app(**key)
        self.app_reaches(key, "InService")
        return key

    def app_reaches(self, key: dict[str, str], status: str) -> dict[str, Any]:
        return dict(self.until(lambda: self.sagemaker.describe_app(**key), lambda app: app["Status"] == status))

    def canvas(self, domain_id: str, profile: str) -> dict[str, str]:
        return self.app(DomainId=domain_id, UserProfileName=profile, AppType="Canvas", AppName="default")

    def delete_app(self, key: dict[str, str]) -> None:
        self.sagemaker.delete_app(**key)
        self.app_reaches(key, "Deleted")
