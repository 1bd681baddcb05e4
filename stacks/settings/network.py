"""How a stage reaches the world."""

from __future__ import annotations

from typing import Literal

from pydantic import Field, model_validator

from stacks.settings.fields import Cidr, Zone
from stacks.settings.section import Section


class NetworkSettings(Section):
    """How the domain reaches the world.

    `PublicInternetOnly`: SageMaker's own network carries all but the home file system; `egress = "none"` is free.
    `VpcOnly`: all traffic goes through the VPC, which then needs NAT gateways or interface endpoints.
    `availability_zones`: two to six, such as us-east-1a; without them the first three that the account has. An endpoint
    that a zone lacks makes the deployment fail: `aws ec2 describe-vpc-endpoint-services` tells which zones have it.
    """

    mode: Literal["PublicInternetOnly", "VpcOnly"]
    egress: Literal["none", "nat", "endpoints"]
    cidr: Cidr = "10.42.0.0/16"
    nat_gateways: int = Field(default=1, ge=1, le=3)
    availability_zones: tuple[Zone, ...] = Field(default=(), max_length=6, strict=False)

    @model_validator(mode="after")
    def _zones_differ(self) -> NetworkSettings:
        named = self.availability_zones
        if named and (len(set(named)) < 2 or len(set(named)) < len(named)):
            raise ValueError("availability_zones needs two different zones at least, each once")
        return self

    @model_validator(mode="after")
    def _vpc_only_needs_a_way_out(self) -> NetworkSettings:
        if self.mode == "VpcOnly" and self.egress == "none":
            raise ValueError('mode = "VpcOnly" needs egress = "nat" or egress = "endpoints"')
        return self
