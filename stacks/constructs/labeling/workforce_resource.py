"""The account's one Ground Truth workforce, adopted or made: CloudFormation has no type for it."""

from __future__ import annotations

import json
from typing import cast

from aws_cdk import CustomResource, Duration, Stack
from aws_cdk import aws_cognito as cognito
from aws_cdk import aws_sns as sns
from constructs import Construct

from stacks.constructs.labeling.workers import WorkerPool, by_the_page_alone
from stacks.constructs.shared.access import ANY, Permission, arn
from stacks.constructs.shared.provider import provider
from stacks.constructs.shared.python_function import FunctionProps, PythonFunctions
from stacks.naming import STAGE_TAG, Names
from stacks.settings import Settings

# Cognito wants one; the workforce resource replaces it, since only the finished workforce knows its portal's address.
_CALLBACK_UNTIL_PORTAL_EXISTS = "https://localhost/oauth2/idpresponse"
TEAM_DESCRIPTION = "Workers of Kempelen"
_KEEP_OWN = ("AddTags", "CreateWorkforce", "DeleteWorkforce", "UpdateWorkforce")
_KEEP_TEAM = ("CreateWorkteam", "DeleteWorkteam", "UpdateWorkteam")
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
    """Offers `name`, of the workforce that the workteam belongs to, and `client`, by which its portal signs in."""

    def __init__(
        self,
        scope: Construct,
        identity: str,
        *,
        settings: Settings,
        functions: PythonFunctions,
        workers: WorkerPool,
        notify: sns.ITopic | None = None,
    ) -> None:
        """With a topic to `notify` the workteam is made here too, and an account may refuse both."""
        super().__init__(scope, identity)
        names = Names(settings.stage)
        shared = Stack.of(workers) is not Stack.of(self)
        self.client = _sign_in_client(self if shared else workers.pool, workers.pool)
        function = functions.add(
            FunctionProps(
                folder="workforce_resource",
                entry="on_event",
                environment={"STAGE": settings.stage, "PROJECT_TAG": STAGE_TAG},
                permissions=[*_permissions(self, names, workers), *(_keep_team(self, names) if notify else [])],
                timeout=Duration.minutes(15),
            )
        )
        self._resource = CustomResource(
            self,
            "Resource",
            resource_type="Custom::KempelenWorkforce",
            service_token=provider(self, logs=functions.logs, on_event=function).service_token,
            properties={
                "WorkforceName": names.workforce,
                "UserPoolId": workers.pool.user_pool_id,
                "ClientId": self.client.user_pool_client_id,
                "SourceIps": list(settings.workforce.source_ips),
                # Invited as soon as there is a portal to name; after a change only those who are new.
                "Workers": list(settings.workforce.workers),
                # An update of the client brings its stand-in callback back; then the portal's must be set again.
                "ClientSettings": _described(self.client),
                **({"Workteam": _workteam(names, notify)} if notify else {}),
            },
            service_timeout=Duration.minutes(20),
        )
        self._resource.node.add_dependency(workers.domain)

    @property
    def name(self) -> str:
        return self._resource.get_att_string("WorkforceName")

    @property
    def workteam_arn(self) -> str:
        """Of the workteam that was made here, or `domain.workforce.model.REFUSED`."""
        return self._resource.get_att_string("WorkteamArn")

    @property
    def told(self) -> str:
        """The address at which people work, or why there is none."""
        return self._resource.get_att_string("GroundTruth")

    @property
    def portal(self) -> str:
        """The host at which people work."""
        return self._resource.get_att_string("PortalDomain")


def _workteam(names: Names, topic: sns.ITopic) -> dict[str, str]:
    return {
        "Name": names.workteam,
        "Group": names.worker_group,
        "TopicArn": topic.topic_arn,
        "Description": TEAM_DESCRIPTION,
    }


def workteam_arn(scope: Construct, names: Names) -> str:
    """Of the stage's own team, whether it is there or not."""
    return arn(scope, "sagemaker", f"workteam/private-crowd/{names.workteam}")


def _keep_team(scope: Construct, names: Names) -> list[Permission]:
    return [Permission("sagemaker", _KEEP_TEAM, [workteam_arn(scope, names)])]


def _sign_in_client(scope: Construct, pool: cognito.UserPool) -> cognito.UserPoolClient:
    """Ground Truth's portal uses the authorization code flow of Cognito's own page, with the client's secret."""
    client = cognito.UserPoolClient(
        scope,
        "Client",
        user_pool=pool,
        generate_secret=True,
        o_auth=cognito.OAuthSettings(
            flows=cognito.OAuthFlows(authorization_code_grant=True),
            scopes=[cognito.OAuthScope.EMAIL, cognito.OAuthScope.OPENID, cognito.OAuthScope.PROFILE],
            callback_urls=[_CALLBACK_UNTIL_PORTAL_EXISTS],
        ),
        supported_identity_providers=[cognito.UserPoolClientIdentityProvider.COGNITO],
        prevent_user_existence_errors=True,
    )
    return by_the_page_alone(client)


def _described(made: cognito.UserPoolClient) -> str:
    """A text that changes whenever the client's settings do."""
    client = cast(cognito.CfnUserPoolClient, made.node.default_child)
    settings = [client.allowed_o_auth_flows, client.allowed_o_auth_scopes, client.explicit_auth_flows]
    return json.dumps([*settings, client.callback_ur_ls, client.supported_identity_providers])


def _permissions(scope: Construct, names: Names, workers: WorkerPool) -> list[Permission]:
    """Any workforce may be looked at, for adoption; only the one of our name may be made, changed or deleted."""
    own, any_one = (arn(scope, "sagemaker", f"workforce/{name}") for name in (names.workforce, "*"))
    return [
        Permission("sagemaker", ["ListWorkforces", "ListWorkteams"], ANY, "Lists know no resources."),
        Permission("sagemaker", ["ListTags"], [any_one], "Whose workforce the account's only one is, its tags say."),
        Permission("sagemaker", _KEEP_OWN, [own]),
        Permission("cognito-idp", _POOL_ACTIONS, [workers.pool.user_pool_arn]),
    ]
