"""The account's one Ground Truth workforce, adopted or made (CloudFormation has no type for it), and its members."""

from __future__ import annotations

from aws_cdk import CustomResource, Duration
from aws_cdk import aws_cognito as cognito
from constructs import Construct

from stacks.constructs.labeling.workers import WorkerPool
from stacks.constructs.shared.access import ANY, Permission, arn
from stacks.constructs.shared.provider import provider
from stacks.constructs.shared.python_function import FunctionProps, PythonFunctions
from stacks.naming import STAGE_TAG, Names
from stacks.settings import Settings

_KEEP_OWN = ("AddTags", "CreateWorkforce", "DeleteWorkforce", "UpdateWorkforce")
# Ours, and those that CreateWorkforce and UpdateWorkforce need besides: "Amazon SageMaker API permissions: actions,
# permissions, and resources reference", docs.aws.amazon.com/sagemaker/latest/dg/api-permissions-reference.html.
_POOL_ACTIONS = (
    "AdminCreateUser",
    "DescribeUserPool",
    "DescribeUserPoolClient",
    "UpdateUserPool",
    "UpdateUserPoolClient",
)


class Workforce(Construct):
    """Offers `name`: of the workforce that the workteam belongs to."""

    def __init__(
        self, scope: Construct, identity: str, *, settings: Settings, functions: PythonFunctions, workers: WorkerPool
    ) -> None:
        super().__init__(scope, identity)
        names = Names(settings.stage)
        function = functions.add(
            FunctionProps(
                folder="workforce_resource",
                entry="on_event",
                environment={"STAGE": settings.stage, "PROJECT_TAG": STAGE_TAG},
                permissions=_permissions(self, names, workers),
                timeout=Duration.minutes(15),
            )
        )
        self._resource = CustomResource(
            self,
            "Resource",
            resource_type="Custom::KempelenWorkforce",
            service_token=provider(self, settings=settings, on_event=function).service_token,
            properties={
                "WorkforceName": names.workforce,
                "UserPoolId": workers.pool.user_pool_id,
                "ClientId": workers.client.user_pool_client_id,
                "SourceIps": list(settings.workforce.source_ips),
                # Invited as soon as there is a portal to name; after a change only those who are new.
                "Workers": list(settings.workforce.workers),
                # An update of the client brings its stand-in callback back; then the portal's must be set again.
                "ClientSettings": workers.client_settings,
            },
            service_timeout=Duration.minutes(20),
        )
        self._resource.node.add_dependency(workers.domain)

    @property
    def name(self) -> str:
        return self._resource.get_att_string("WorkforceName")

    @property
    def portal(self) -> str:
        """The host at which people work."""
        return self._resource.get_att_string("PortalDomain")


def _permissions(scope: Construct, names: Names, workers: WorkerPool) -> list[Permission]:
    """Any workforce may be looked at, for adoption; only the one of our name may be made, changed or deleted."""
    own, any_one = (arn(scope, "sagemaker", f"workforce/{name}") for name in (names.workforce, "*"))
    return [
        Permission("sagemaker", ["ListWorkforces", "ListWorkteams"], ANY, "Lists know no resources."),
        Permission("sagemaker", ["ListTags"], [any_one], "Whose workforce the account's only one is, its tags say."),
        Permission("sagemaker", _KEEP_OWN, [own]),
        Permission("cognito-idp", _POOL_ACTIONS, [workers.pool.user_pool_arn]),
    ]


def members(
    scope: Construct, *, settings: Settings, workers: WorkerPool, workforce: Workforce
) -> cognito.CfnUserPoolGroup:
    """The group whose members are the workteam, and a user in it for each worker of the settings.

    They are there before the workforce, whose resource invites them: the invitation names its portal.
    """
    names = Names(settings.stage)
    pool_id = workers.pool.user_pool_id
    group = cognito.CfnUserPoolGroup(scope, "Group", user_pool_id=pool_id, group_name=names.worker_group)
    for email in settings.workforce.workers:
        user = cognito.CfnUserPoolUser(
            scope,
            f"Worker-{email}",
            user_pool_id=pool_id,
            username=email,
            message_action="SUPPRESS",
            user_attributes=[
                cognito.CfnUserPoolUser.AttributeTypeProperty(name="email", value=email),
                cognito.CfnUserPoolUser.AttributeTypeProperty(name="email_verified", value="true"),
            ],
        )
        membership = cognito.CfnUserPoolUserToGroupAttachment(
            scope,
            f"Member-{email}",
            user_pool_id=pool_id,
            group_name=names.worker_group,
            username=user.ref,
        )
        membership.node.add_dependency(group)
        workforce.node.add_dependency(membership)  # they stay as long as it refuses to go
    return group
