"""Our own worker portal: the people, their pages, and the table of the jobs. No server, no VPC, no cost while idle."""

from __future__ import annotations

import json
from typing import Any

from aws_cdk import CfnOutput, CustomResource, Duration, Stack
from aws_cdk import aws_cognito as cognito
from aws_cdk import aws_lambda as lambda_
from constructs import Construct

from domain.workflow.names import PORTAL_SOURCE
from stacks.assets import Assets
from stacks.constructs.labeling.portal_api import PortalApi
from stacks.constructs.labeling.task_table import INDEX, task_table
from stacks.constructs.labeling.workers import Members, WorkerPool, by_the_page_alone, invitation, members
from stacks.constructs.shared.access import Permission, arn, use_key
from stacks.constructs.shared.provider import provider
from stacks.constructs.shared.python_function import FunctionProps, PythonFunctions
from stacks.naming import Names
from stacks.settings import Settings
from stacks.storage_stack import StorageStack


class PortalStack(Stack):
    """Offers `tasks`, the table of the jobs, and `workers` and `team`, the people who label. Beside a workforce of
    Ground Truth, that invites them: people are to read both addresses."""

    def __init__(
        self,
        scope: Construct,
        identity: str,
        *,
        settings: Settings,
        assets: Assets,
        storage: StorageStack,
        beside_workforce: bool = False,
        **stack: Any,
    ) -> None:
        super().__init__(scope, identity, **stack)
        self._settings = settings
        self._storage = storage
        functions = PythonFunctions(self, "Functions", settings=settings, assets=assets, key=storage.key)
        self.tasks = task_table(self, settings=settings, key=storage.key)
        api = PortalApi(self, "Portal", settings=settings, logs=functions.logs)
        written = invitation(settings, functions, portal=api.address, in_ground_truth=beside_workforce)
        self.workers = workers = WorkerPool(self, "Workers", settings=settings, invitation=written)
        client = _sign_in_client(workers.pool, api.address)
        api.answer_by(self._pages(functions, workers, client, api))
        self._requesters_door(functions, workers, api)
        self.team = members(self, settings=settings, workers=workers)
        cognito.CfnUserPoolGroup(
            self,
            "Reviewers",
            user_pool_id=workers.pool.user_pool_id,
            group_name=Names(settings.stage).reviewer_group,
        )
        if not beside_workforce:
            self._invite(functions, workers, self.team, after=[api, client])
        self._outputs(api, client)

    def _pages(
        self, functions: PythonFunctions, workers: WorkerPool, client: cognito.UserPoolClient, api: PortalApi
    ) -> lambda_.Function:
        return functions.add(
            FunctionProps(
                folder="portal",
                environment={
                    "DATA_BUCKET": self._storage.data.bucket.bucket_name,
                    "TASK_TABLE": self.tasks.table_name,
                    "USER_POOL_ID": workers.pool.user_pool_id,
                    "USER_POOL_CLIENT_ID": client.user_pool_client_id,
                    "WORKER_GROUP": Names(self._settings.stage).worker_group,
                    "PORTAL_ADDRESS": api.address,
                    "SIGN_IN_ADDRESS": workers.domain.base_url(),
                    "SOURCE_IPS": json.dumps(list(self._settings.workforce.source_ips)),
                },
                permissions=self._page_permissions(),
                timeout=Duration.seconds(20),
                memory_mb=1024,
            )
        )

    def _requesters_door(self, functions: PythonFunctions, workers: WorkerPool, api: PortalApi) -> None:
        """Closing a job waits for what people have in hand, a minute at most."""
        people = (
            "AdminAddUserToGroup",
            "AdminCreateUser",
            "AdminGetUser",
            "AdminRemoveUserFromGroup",
            "AdminUserGlobalSignOut",
            "ListUsersInGroup",
        )
        function = functions.add(
            FunctionProps(
                folder="manage_labeling",
                environment={
                    "DATA_BUCKET": self._storage.data.bucket.bucket_name,
                    "TASK_TABLE": self.tasks.table_name,
                    "USER_POOL_ID": workers.pool.user_pool_id,
                    "WORKER_GROUP": Names(self._settings.stage).worker_group,
                    "PORTAL_ADDRESS": api.address,
                },
                permissions=[
                    *self._table_permissions(),
                    Permission("cognito-idp", people, [workers.pool.user_pool_arn]),
                ],
                timeout=Duration.minutes(5),
            )
        )
        CfnOutput(self, "ManageLabelingFunctionName", value=function.function_name)

    def _table_permissions(self, *more: str) -> list[Permission]:
        """The jobs, and telling that one is over; `more` are further actions on the table."""
        only = {"StringEquals": {"events:source": PORTAL_SOURCE}}
        actions = (*more, "DeleteItem", "GetItem", "PutItem", "Query", "UpdateItem")
        table = self.tasks.table_arn
        return [
            Permission("dynamodb", actions, [table]),
            Permission("dynamodb", ["Query"], [f"{table}/index/{INDEX}"]),
            *use_key(self._storage.key),
            Permission("events", ["PutEvents"], [arn(self, "events", "event-bus/default")], conditions=only),
        ]

    def _page_permissions(self) -> list[Permission]:
        data = self._storage.data
        return [
            *self._table_permissions("BatchGetItem"),
            *data.read("instructions/*", "raw/*", "datasets/*/data/*", why="Whatever people are shown lies there."),
            *data.read("labeling/*/template.liquid.html", why="Keys hold the names of data set and run."),
        ]

    def _invite(self, functions: PythonFunctions, workers: WorkerPool, team: Members, after: list[Construct]) -> None:
        """As soon as there is a portal to come to; after a change only those who are new."""
        function = functions.add(
            FunctionProps(
                folder="invite_workers",
                entry="on_event",
                environment={},
                permissions=[Permission("cognito-idp", ["AdminCreateUser"], [workers.pool.user_pool_arn])],
                timeout=Duration.minutes(5),
            )
        )
        scope = Construct(self, "Invitations")
        resource = CustomResource(
            scope,
            "Resource",
            resource_type="Custom::KempelenInvitations",
            service_token=provider(scope, logs=functions.logs, on_event=function).service_token,
            properties={
                "UserPoolId": workers.pool.user_pool_id,
                "Workers": list(self._settings.workforce.workers),
            },
            service_timeout=Duration.minutes(10),
        )
        resource.node.add_dependency(*team.everybody, *after)

    def _outputs(self, api: PortalApi, client: cognito.UserPoolClient) -> None:
        CfnOutput(self, "PortalAddress", value=api.address)
        CfnOutput(self, "UserPoolId", value=self.workers.pool.user_pool_id)
        CfnOutput(self, "UserPoolClientId", value=client.user_pool_client_id)
        CfnOutput(self, "TaskTableName", value=self.tasks.table_name)
        stage = self._settings.stage
        if not self._settings.workforce.workers:
            how = f"Nobody can label yet: name people in workforce.workers of config/{stage}.toml, deploy again"
            CfnOutput(self, "HowToAddWorkers", value=how)


def _sign_in_client(pool: cognito.UserPool, portal: str) -> cognito.UserPoolClient:
    """For the authorization code flow with its proof (PKCE), so without a secret."""
    client = pool.add_client(
        "PortalClient",
        generate_secret=False,
        o_auth=cognito.OAuthSettings(
            flows=cognito.OAuthFlows(authorization_code_grant=True),
            scopes=[cognito.OAuthScope.EMAIL, cognito.OAuthScope.OPENID],
            callback_urls=[f"{portal}/callback"],
            logout_urls=[f"{portal}/signed-out"],
        ),
        supported_identity_providers=[cognito.UserPoolClientIdentityProvider.COGNITO],
        prevent_user_existence_errors=True,
    )
    return by_the_page_alone(client)
