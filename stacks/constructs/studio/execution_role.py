"""The role of people in Studio and Canvas."""

from __future__ import annotations

from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from constructs import Construct

from stacks.constructs.shared.access import (
    ANY,
    BucketAccess,
    Permission,
    arn,
    attach_volumes,
    pass_role,
    permit,
    service_principal,
    use_key,
)
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
_SELF = "${sagemaker:UserProfileName}"
"""Whose session it is: SageMaker sets this key for what people do in Studio."""
_APP_ACTIONS = ("CreateApp", "DeleteApp")
_SPACE_ACTIONS = ("CreateSpace", "DeleteSpace", "UpdateSpace")
_LOOKS = ("DescribeApp", "DescribeSpace", "DescribeUserProfile", "ListTags")
_PARTS = ("app", "space", "user-profile")
_JOB_ACTIONS = ("CreateProcessingJob", "DescribeProcessingJob", "StopProcessingJob", "AddTags", "ListTags")
_LISTS = ("ListApps", "ListDomains", "ListSpaces", "ListUserProfiles")
_LOG_ACTIONS = ("CreateLogGroup", "CreateLogStream", "DescribeLogStreams", "PutLogEvents")


class ExecutionRole(Construct):
    """Least privilege: one bucket, one domain, jobs by name. `course_access` adds the course's broad policies."""

    def __init__(
        self,
        scope: Construct,
        identity: str,
        *,
        names: Names,
        data: BucketAccess,
        volume_key: kms.IKey | None,
        course_access: bool,
    ) -> None:
        super().__init__(scope, identity)
        self.role = iam.Role(
            self,
            "Role",
            assumed_by=service_principal("sagemaker.amazonaws.com"),
            description="People in SageMaker Studio and Canvas",
        )
        self._let_sagemaker_name_people()
        permit(
            self.role,
            [
                *self._data(data),
                *use_key(volume_key),
                *attach_volumes(volume_key),
                *self._jobs(names),
                *self._observation(),
            ],
        )
        if course_access:
            self._add_course_policies()

    def _let_sagemaker_name_people(self) -> None:
        """The domain hands on who works, for which this is asked:
        https://docs.aws.amazon.com/sagemaker/latest/dg/monitor-user-access.html."""
        self.role.assume_role_policy.add_statements(  # type: ignore[union-attr] # a role that is made here has one
            iam.PolicyStatement(
                actions=["sts:SetSourceIdentity"], principals=[service_principal("sagemaker.amazonaws.com")]
            )
        )

    def permit_domain(self, domain_id: str) -> iam.Policy:
        """A policy of its own, since the domain names the role: the role cannot name the domain."""
        parts = [arn(self, "sagemaker", f"{part}/{domain_id}/*") for part in _PARTS]
        domain = [arn(self, "sagemaker", f"domain/{domain_id}")]
        why = "Names of apps, spaces and profiles are the users' own; the domain is exact."
        permissions = [
            *self._own(domain_id),
            Permission("sagemaker", _LOOKS, parts, why),
            # No profiles: people make none.
            Permission("sagemaker", ["AddTags"], parts[:2], why, {"Null": {"sagemaker:TaggingAction": "false"}}),
            Permission("sagemaker", ["DescribeDomain", "ListTags"], domain),
        ]
        policy = iam.Policy(self, "DomainPolicy", roles=[self.role])
        permit(self.role, permissions, policy=policy)
        return policy

    def _own(self, domain_id: str) -> list[Permission]:
        """People open and close what is theirs and what is shared, and nobody else's: who signs in as another also
        hides from the source identity. The conditions are those of
        https://docs.aws.amazon.com/sagemaker/latest/dg/studio-updated-jl-admin-guide-permissions.html."""
        profile = arn(self, "sagemaker", f"user-profile/{domain_id}/{_SELF}")
        apps, spaces = (arn(self, "sagemaker", f"{part}/{domain_id}/*") for part in ("app", "space"))
        nobodys: dict[str, dict[str, object]] = {"Null": {"sagemaker:OwnerUserProfileArn": "true"}}
        mine: dict[str, dict[str, object]] = {
            "ArnEquals": {"sagemaker:OwnerUserProfileArn": profile},
            "StringEquals": {"sagemaker:SpaceSharingType": ["Private", "Shared"]},
        }
        why = "Names of spaces and apps are the users' own; the condition says whose they may be."
        return [
            Permission("sagemaker", ["CreatePresignedDomainUrl"], [profile]),
            Permission("sagemaker", _APP_ACTIONS, [arn(self, "sagemaker", f"app/{domain_id}/{_SELF}/*")], why, nobodys),
            Permission("sagemaker", _APP_ACTIONS, [apps], why, mine),
            Permission(
                "sagemaker", _APP_ACTIONS, [apps], why, {"StringEquals": {"sagemaker:SpaceSharingType": "Shared"}}
            ),
            Permission("sagemaker", _SPACE_ACTIONS, [spaces], why, mine),
        ]

    def _data(self, data: BucketAccess) -> list[Permission]:
        why = "The data bucket is what people in Studio work on."
        objects = [*data.read("*", why=why), *data.write("*", why=why), *data.delete("*", why=why)]
        return [*data.find(), *data.locate(), *objects]

    def _jobs(self, names: Names) -> list[Permission]:
        """Processing jobs of the stage and of Canvas' data preparation, also in a VPC."""
        prefixes = (f"{names.job_prefix}*", "*canvas-data-prep*")
        jobs = [arn(self, "sagemaker", f"processing-job/{prefix}") for prefix in prefixes]
        unscoped = "AWS advises against scoping these nine: a job in a VPC makes its interfaces before it has names."
        return [
            Permission("sagemaker", _JOB_ACTIONS, jobs, "Jobs are named when they start; Canvas names its own."),
            Permission("ec2", _NETWORK_ACTIONS, ANY, unscoped),
            pass_role(self.role, "sagemaker.amazonaws.com"),
        ]

    def _observation(self) -> list[Permission]:
        groups = [arn(self, "logs", "log-group:/aws/sagemaker/*")]
        only = {"StringLike": {"cloudwatch:namespace": "/aws/sagemaker/*"}}
        return [
            Permission("sagemaker", _LISTS, ANY, "Lists know no resources."),
            Permission("logs", _LOG_ACTIONS, groups, "SageMaker names log groups after apps and jobs."),
            Permission("cloudwatch", ["PutMetricData"], ANY, "Metrics know no resources.", only),
        ]

    def _add_course_policies(self) -> None:
        for name in _COURSE_POLICIES:
            self.role.add_managed_policy(iam.ManagedPolicy.from_aws_managed_policy_name(name))
        acknowledge(
            self.role,
            "IAM4",
            "course_access = true asks for the broad policies that the course uses.",
            findings=[f"Policy::arn:<AWS::Partition>:iam::aws:policy/{name}" for name in _COURSE_POLICIES],
        )
