"""Permissions: exact by default; one that holds a wildcard must say why, and the reason goes to the security report."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from aws_cdk import Aws, Stack
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_s3 as s3
from constructs import Construct

from stacks.nag import acknowledge, resource_finding

ANY = ("*",)
_USE_KEY = ("Decrypt", "DescribeKey", "Encrypt", "GenerateDataKey", "ReEncryptFrom", "ReEncryptTo")


class UnexplainedWildcardError(Exception):
    """A permission reaches further than named resources, and nothing says why."""


@dataclass(frozen=True)
class Permission:
    """Actions of one service on resources; `why` explains a `*` among the resources. Actions are always spelled out."""

    service: str
    actions: Sequence[str]
    resources: Sequence[str]
    why: str = ""
    conditions: Mapping[str, Mapping[str, object]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if any("*" in action for action in self.actions):
            raise UnexplainedWildcardError(f"{self.service}: spell out the actions of {list(self.actions)}")
        if self.wildcards and not self.why:
            raise UnexplainedWildcardError(f"{self.service}:{self.actions[0]} on {self.wildcards}: say why")

    @property
    def wildcards(self) -> list[str]:
        return [resource for resource in self.resources if "*" in resource]

    def statement(self) -> iam.PolicyStatement:
        return iam.PolicyStatement(
            actions=[f"{self.service}:{action}" for action in self.actions],
            resources=list(self.resources),
            conditions=self.conditions,
        )


def permit(role: iam.Role, permissions: Iterable[Permission], *, policy: iam.Policy | None = None) -> None:
    """Add to the role's own policy, or to another policy of it."""
    for permission in permissions:
        if policy:
            policy.add_statements(permission.statement())
        else:
            role.add_to_policy(permission.statement())
        findings = [resource_finding(role, wildcard) for wildcard in permission.wildcards]
        if findings:
            acknowledge(policy or role, "IAM5", permission.why, findings=findings)


def arn(scope: Construct, service: str, resource: str) -> str:
    """`arn:<partition>:<service>:<region>:<account>:<resource>`"""
    stack = Stack.of(scope)
    return f"arn:{stack.partition}:{service}:{stack.region}:{stack.account}:{resource}"


def pass_role(role: iam.IRole, service: str) -> Permission:
    """Hand this one role to this one service."""
    only = {"StringEquals": {"iam:PassedToService": service}}
    return Permission("iam", ["PassRole"], [role.role_arn], conditions=only)


def attach_volumes(key: kms.IKey | None) -> list[Permission]:
    """For machines whose disks the key encrypts: EC2 uses it by a grant of whose role starts them.

    https://docs.aws.amazon.com/sagemaker/latest/dg/sagemaker-roles.html
    """
    only = {"Bool": {"kms:GrantIsForAWSResource": "true"}}
    return [Permission("kms", ["CreateGrant"], [key.key_arn], conditions=only)] if key else []


def use_key(key: kms.IKey | None) -> list[Permission]:
    """Nothing where the services' own keys encrypt."""
    return [Permission("kms", _USE_KEY, [key.key_arn])] if key else []


def service_principal(service: str) -> iam.ServicePrincipal:
    """The service, only on behalf of this account: no one else's resource there can borrow the role."""
    return iam.ServicePrincipal(service, conditions={"StringEquals": {"aws:SourceAccount": Aws.ACCOUNT_ID}})


@dataclass(frozen=True)
class BucketAccess:
    """Permissions on the data bucket by key prefix. Those on objects include the bucket's key, if it has its own."""

    bucket: s3.IBucket
    key: kms.IKey | None

    def find(self) -> list[Permission]:
        return [Permission("s3", ["ListBucket"], [self.bucket.bucket_arn])]

    def locate(self) -> list[Permission]:
        """The Region: SageMaker asks for it before it reads, and the preflight compares it."""
        return [Permission("s3", ["GetBucketLocation"], [self.bucket.bucket_arn])]

    def read(self, *keys: str, why: str) -> list[Permission]:
        return self._objects(["GetObject"], keys, why)

    def write(self, *keys: str, why: str) -> list[Permission]:
        return self._objects(["AbortMultipartUpload", "PutObject"], keys, why)

    def delete(self, *keys: str, why: str) -> list[Permission]:
        return self._objects(["DeleteObject"], keys, why)

    def _objects(self, actions: Sequence[str], keys: Sequence[str], why: str) -> list[Permission]:
        objects = [self.bucket.arn_for_objects(key) for key in keys]
        return [Permission("s3", actions, objects, why), *use_key(self.key)]
