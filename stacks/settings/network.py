"""How a stage reaches the world."""

from __future__ import annotations

from typing import Literal

from pydantic import Field, model_validator

from stacks.settings.fields import Cidr, SecurityGroupId, SubnetId, VpcId, Zone
from stacks.settings.section import Section


class NetworkSettings(Section):
    """How the domain reaches the world.

    `PublicInternetOnly`: SageMaker's own network carries all but the home file system; `egress = "none"` is free.
    `VpcOnly`: all traffic goes through the VPC, which then needs NAT gateways or interface endpoints.
    `availability_zones`: two to six, such as us-east-1a; without them the first three that the account has. An endpoint
    that a zone lacks makes the deployment fail: `aws ec2 describe-vpc-endpoint-services` tells which zones have it.
    `vpc_id`: a VPC that exists, instead of one of our own. The domain is put into its `subnet_ids`, and nothing of the
    VPC itself is made or changed, so `egress` is "none": under `VpcOnly` its owner's routes and endpoints lead out. The
    apps get `security_group_id`, or a group that the stage makes in the VPC (docs/existing.md: what AWS asks of them).
    """

    mode: Literal["PublicInternetOnly", "VpcOnly"]
    egress: Literal["none", "nat", "endpoints"]
    cidr: Cidr = "10.42.0.0/16"
    nat_gateways: int = Field(default=1, ge=1, le=3)
    availability_zones: tuple[Zone, ...] = Field(default=(), max_length=6, strict=False)
    vpc_id: VpcId | None = None
    subnet_ids: tuple[SubnetId, ...] = Field(default=(), max_length=16, strict=False)
    security_group_id: SecurityGroupId | None = None

    @model_validator(mode="after")
    def _zones_differ(self) -> NetworkSettings:
        named = self.availability_zones
        if named and (len(set(named)) < 2 or len(set(named)) < len(named)):
            raise ValueError("availability_zones needs two different zones at least, each once")
        return self

    @model_validator(mode="after")
    def _vpc_only_needs_a_way_out(self) -> NetworkSettings:
        if self.mode == "VpcOnly" and self.egress == "none" and not self.vpc_id:
            raise ValueError('mode = "VpcOnly" needs egress = "nat" or egress = "endpoints"')
        return self

    @model_validator(mode="after")
    def _a_given_vpc_is_its_owners(self) -> NetworkSettings:
        if not self.vpc_id:
            if self.subnet_ids or self.security_group_id:
                raise ValueError("subnet_ids and security_group_id need vpc_id: a VPC of our own has its own")
            return self
        if not self.subnet_ids or len(set(self.subnet_ids)) < len(self.subnet_ids):
            raise ValueError("vpc_id needs subnet_ids: the private subnets of that VPC for the domain, each once")
        if self.egress != "none":
            raise ValueError('vpc_id needs egress = "none": ways out of a given VPC are its owner\'s')
        if self.availability_zones:
            raise ValueError("availability_zones are for a VPC of our own: subnet_ids name subnets, which have theirs")
        return self
