"""The role of people in Studio and Canvas."""

from __future__ import annotations

from aws_cdk import Stack
from aws_cdk import aws_iam as iam
from aws_cdk import aws_s3 as s3
from constructs import Construct

from stacks.constructs.statements import allow, arn, pass_role, service_principal
from stacks.nag import acknowledge
from stacks.naming import Names

_NETWORK_ACTIONS = (
    "CreateNetworkInterface",
    "CreateNetworkInterfacePermission",
    "DeleteNetworkInterface",
    "DeleteNetworkInterfacePermission",
    "DescribeDhcpOptions",
    "DescribeNetworkInterfaces",
    "DescribeSecurityGroups",
    "DescribeSubnets",
    "DescribeVpcs",
)
"""All that a SageMaker job in a VPC asks of EC2. The course grants AmazonEC2FullAccess for it."""

_COURSE_POLICIES = (
    "AmazonS3FullAccess",
    "AmazonEC2FullAccess",
    "AmazonSageMakerFullAccess",
    "AmazonSageMakerCanvasFullAccess",
    "AmazonSageMakerCanvasDataPrepFullAccess",
)
_PARTS = ("app", "space", "user-profile")
_PART_ACTIONS = (
    *(f"{verb}{part}" for verb in ("Create", "Delete", "Describe") for part in ("App", "Space")),
    "UpdateSpace",
    "DescribeUserProfile",
    "CreatePresignedDomainUrl",
    "AddTags",
    "ListTags",
)
_JOB_ACTIONS = ("CreateProcessingJob", "DescribeProcessingJob", "StopProcessingJob", "AddTags", "ListTags")
_LOG_ACTIONS = ("CreateLogGroup", "CreateLogStream", "DescribeLogStreams", "PutLogEvents")


class ExecutionRole(Construct):
    """Least privilege: one bucket, one domain, jobs by name. `course_access` adds the broad policies that the course uses."""

    def __init__(
        self, scope: Construct, identity: str, *, names: Names, bucket: s3.IBucket, course_access: bool
    ) -> None:
        super().__init__(scope, identity)
        self.role = iam.Role(
            self,
            "Role",
            assumed_by=service_principal("sagemaker.amazonaws.com"),
            description="People in SageMaker Studio and Canvas",
        )
        bucket.grant_read_write(self.role)
        for statement in self._statements(names):
            self.role.add_to_policy(statement)
        self._acknowledge()
        if course_access:
            self._add_course_policies()

    def allow_in_domain(self, domain_id: str) -> None:
        """A policy of its own, since the domain names the role: the role cannot name the domain."""
        parts = [arn(self, "sagemaker", f"{part}/{domain_id}/*") for part in _PARTS]
        policy = iam.Policy(self, "DomainPolicy", roles=[self.role])
        policy.add_statements(
            allow("sagemaker", _PART_ACTIONS, parts),
            allow("sagemaker", ["DescribeDomain", "ListTags"], [arn(self, "sagemaker", f"domain/{domain_id}")]),
        )
        acknowledge(
            policy,
            "IAM5",
            "Names of apps, spaces and profiles are the users' own; the domain is exact.",
            findings=[f"Resource::{self._resolved(part)}" for part in parts],
        )

    def _statements(self, names: Names) -> list[iam.PolicyStatement]:
        jobs = [
            arn(self, "sagemaker", f"processing-job/{name}") for name in (f"{names.job_prefix}*", "*canvas-data-prep*")
        ]
        return [
            allow("sagemaker", ["ListApps", "ListDomains", "ListSpaces", "ListUserProfiles"], ["*"]),
            allow("sagemaker", _JOB_ACTIONS, jobs),
            allow("logs", _LOG_ACTIONS, [arn(self, "logs", "log-group:/aws/sagemaker/*")]),
            allow("cloudwatch", ["PutMetricData"], ["*"], {"StringLike": {"cloudwatch:namespace": "/aws/sagemaker/*"}}),
            allow("ec2", _NETWORK_ACTIONS, ["*"]),
            pass_role(self.role.role_arn, "sagemaker.amazonaws.com"),
        ]

    def _resolved(self, text: str) -> str:
        return str(Stack.of(self).resolve(text))

    def _acknowledge(self) -> None:
        acknowledge(
            self.role,
            "IAM5",
            "AWS advises not to scope the nine EC2 actions; lists and metrics know no resources.",
            findings=["Resource::*"],
        )

    def _add_course_policies(self) -> None:
        for name in _COURSE_POLICIES:
            self.role.add_managed_policy(iam.ManagedPolicy.from_aws_managed_policy_name(name))
        acknowledge(
            self.role,
            "IAM4",
            "course_access = true asks for the broad policies that the course uses.",
            findings=[f"Policy::arn:<AWS::Partition>:iam::aws:policy/{name}" for name in _COURSE_POLICIES],
        )
