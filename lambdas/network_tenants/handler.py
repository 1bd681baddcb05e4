"""CloudFormation's question whether anybody else lives in the network, asked before anything of it is deleted."""

from __future__ import annotations

from typing import Any

from adapters.clients import client
from adapters.environment import Environment
from adapters.teardown.tenants import domains_in, files_left_in
from domain.errors import NetworkInUse
from lambdas.shared.custom_resource import ResourceRequest
from lambdas.shared.entry import entry


class Variables(Environment):
    stage: str


@entry(ResourceRequest, Variables)
def on_event(request: ResourceRequest, variables: Variables) -> dict[str, Any]:
    """On Delete a look; the stage's own domain should have gone by then, with its stack.

    Raises:
        NetworkInUse: a SageMaker domain is in the VPC, or the file system of one that is gone. A file system has
            interfaces in the subnets, which is all that CloudFormation would say, after many minutes.
    """
    vpc = request.properties["VpcId"]
    if request.kind == "Delete":
        found = [*domains_in(client("sagemaker"), vpc), *files_left_in(client("efs"), client("sagemaker"), vpc)]
        if found:
            raise NetworkInUse(
                f"The network of stage {variables.stage!r}, {vpc}, is still used by {' and '.join(found)}. "
                f"Delete each domain with its home file system, each file system with its mount targets, and the two "
                f"security groups for NFS that are named after the domain, or have the owner do so; "
                f"then run `cdk destroy` again. Nothing of the network has been deleted."
            )
    return {"PhysicalResourceId": f"tenants-{vpc}"}
