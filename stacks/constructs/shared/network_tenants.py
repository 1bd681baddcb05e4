"""Names who else lives in the network, before CloudFormation tries to delete it and can name an interface at most."""

from __future__ import annotations

from collections.abc import Iterable

from aws_cdk import CustomResource, Duration
from constructs import Construct

from stacks.constructs.shared.access import ANY, Permission, arn
from stacks.constructs.shared.provider import provider
from stacks.constructs.shared.python_function import FunctionProps, PythonFunctions
from stacks.settings import Settings


class NetworkTenants(Construct):
    """Deleted before all of `parts`: when it refuses, the network is still whole."""

    def __init__(
        self,
        scope: Construct,
        identity: str,
        *,
        settings: Settings,
        functions: PythonFunctions,
        vpc_id: str,
        parts: Iterable[Construct],
    ) -> None:
        super().__init__(scope, identity)
        domains = [arn(self, "sagemaker", "domain/*")]
        function = functions.add(
            FunctionProps(
                folder="network_tenants",
                entry="on_event",
                environment={"STAGE": settings.stage},
                permissions=[
                    Permission("sagemaker", ["ListDomains"], ANY, "Lists know no resources."),
                    Permission("sagemaker", ["DescribeDomain"], domains, "Which domain is in our VPC, each one says."),
                    Permission(
                        "elasticfilesystem",
                        ["DescribeFileSystems", "DescribeMountTargets"],
                        ANY,
                        "Which file system is in our VPC, its mount targets say.",
                    ),
                ],
                timeout=Duration.minutes(2),
            )
        )
        resource = CustomResource(
            self,
            "Resource",
            resource_type="Custom::KempelenNetworkTenants",
            service_token=provider(self, logs=functions.logs, on_event=function).service_token,
            properties={"VpcId": vpc_id},
            service_timeout=Duration.minutes(5),
        )
        resource.node.add_dependency(*parts)
