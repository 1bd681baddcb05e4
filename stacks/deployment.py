"""What an account asks of all stacks: a boundary and a path of every role, and the names that its bootstrap gave."""

from __future__ import annotations

from typing import cast

import jsii
from aws_cdk import Aspects, CfnResource, IAspect
from constructs import Construct, IConstruct

from stacks.settings.deployment import DeploymentSettings

_BOUNDARY, _QUALIFIER = "@aws-cdk/core:permissionsBoundary", "@aws-cdk/core:bootstrapQualifier"


def meet_demands(app: Construct, settings: DeploymentSettings) -> None:
    """Before the app has any stack: each reads these contexts when it is made.

    CDK puts the boundary on every `AWS::IAM::Role` of a template, its own custom resources' included:
    https://docs.aws.amazon.com/cdk/v2/guide/customize-permissions-boundaries.html
    """
    if settings.permissions_boundary:
        app.node.set_context(_BOUNDARY, {"name": settings.permissions_boundary})
    if settings.qualifier:
        app.node.set_context(_QUALIFIER, settings.qualifier)
    if settings.role_path:
        Aspects.of(app).add(_RolePath(settings.role_path))


@jsii.implements(IAspect)
class _RolePath:
    def __init__(self, path: str) -> None:
        self._path = path

    def visit(self, node: IConstruct) -> None:
        if CfnResource.is_cfn_resource(node):
            resource = cast(CfnResource, node)
            if resource.cfn_resource_type == "AWS::IAM::Role":
                resource.add_property_override("Path", self._path)
