"""Short spellings for what every stack writes: ARNs of this account, statements, and trust in one service from this account."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from aws_cdk import Aws, Stack
from aws_cdk import aws_iam as iam
from constructs import Construct

Conditions = Mapping[str, Mapping[str, str | Sequence[str]]]


def arn(scope: Construct, service: str, resource: str) -> str:
    """`arn:<partition>:<service>:<region>:<account>:<resource>`"""
    stack = Stack.of(scope)
    return f"arn:{stack.partition}:{service}:{stack.region}:{stack.account}:{resource}"


def allow(
    service: str, actions: Sequence[str], resources: Sequence[str], conditions: Conditions | None = None
) -> iam.PolicyStatement:
    return iam.PolicyStatement(
        actions=[f"{service}:{action}" for action in actions], resources=list(resources), conditions=conditions
    )


def pass_role(role_arn: str, service: str) -> iam.PolicyStatement:
    """Hand this one role to this one service."""
    return allow("iam", ["PassRole"], [role_arn], {"StringEquals": {"iam:PassedToService": service}})


def service_principal(service: str) -> iam.ServicePrincipal:
    """The service, only on behalf of this account: no one else's resource there can borrow the role."""
    return iam.ServicePrincipal(service, conditions={"StringEquals": {"aws:SourceAccount": Aws.ACCOUNT_ID}})
