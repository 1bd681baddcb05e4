"""The people who label: their pool, the workforce, and the private workteam that labeling jobs are sent to."""

from __future__ import annotations

from typing import Any

from aws_cdk import CfnOutput, Stack
from aws_cdk import aws_cognito as cognito
from aws_cdk import aws_sagemaker as sagemaker
from constructs import Construct

from stacks.assets import Assets
from stacks.constructs.labeling.workers import WorkerPool, invitation, members
from stacks.constructs.labeling.workforce_resource import TEAM_DESCRIPTION, Workforce
from stacks.constructs.shared.python_function import PythonFunctions
from stacks.constructs.shared.topic import NotificationTopic
from stacks.naming import Names
from stacks.portal_stack import PortalStack
from stacks.settings import Settings
from stacks.storage_stack import StorageStack


class WorkforceStack(Stack):
    """Offers `workteam_arn`. Beside a `portal` its people are the portal's; an account that Ground Truth is closed to
    then has no workteam, and the ARN is `domain.workforce.model.REFUSED`."""

    def __init__(
        self,
        scope: Construct,
        identity: str,
        *,
        settings: Settings,
        assets: Assets,
        storage: StorageStack,
        portal: PortalStack | None = None,
        **stack: Any,
    ) -> None:
        super().__init__(scope, identity, **stack)
        self._names = Names(settings.stage)
        functions = PythonFunctions(self, "Functions", settings=settings, assets=assets, key=storage.key)
        if portal:
            self._beside(portal, settings, functions, storage)
            return
        workers = WorkerPool(self, "Workers", settings=settings, invitation=invitation(settings, functions))
        workforce = Workforce(self, "Workforce", settings=settings, functions=functions, workers=workers)
        team = members(self, settings=settings, workers=workers)
        for membership in team.everybody:
            workforce.node.add_dependency(membership)  # they stay as long as it refuses to go
        topic = NotificationTopic(self, "WorkerTopic", publishers=["sagemaker.amazonaws.com"], key=storage.key)
        workteam = self._workteam(workers, workforce, team.group, topic)
        self.workteam_arn = workteam.ref
        CfnOutput(self, "WorkteamArn", value=self.workteam_arn)
        CfnOutput(self, "PortalAddress", value=f"https://{workforce.portal}")
        CfnOutput(self, "WorkteamName", value=workteam.attr_workteam_name)
        CfnOutput(self, "UserPoolId", value=workers.pool.user_pool_id)
        CfnOutput(self, "UserPoolClientId", value=workforce.client.user_pool_client_id)
        if not settings.workforce.workers:
            how = (
                f"Nobody can label yet: name people in workforce.workers of config/{settings.stage}.toml, deploy again"
            )
            CfnOutput(self, "HowToAddWorkers", value=how)

    def _beside(
        self, portal: PortalStack, settings: Settings, functions: PythonFunctions, storage: StorageStack
    ) -> None:
        topic = NotificationTopic(self, "WorkerTopic", publishers=["sagemaker.amazonaws.com"], key=storage.key)
        workforce = Workforce(
            self, "Workforce", settings=settings, functions=functions, workers=portal.workers, notify=topic
        )
        workforce.node.add_dependency(*portal.team.everybody, portal.team.group)
        self.workteam_arn = workforce.workteam_arn
        CfnOutput(self, "WorkteamArn", value=self.workteam_arn)
        CfnOutput(self, "GroundTruthPortal", value=workforce.told)

    def _workteam(
        self,
        workers: WorkerPool,
        workforce: Workforce,
        group: cognito.CfnUserPoolGroup,
        topic: NotificationTopic,
    ) -> sagemaker.CfnWorkteam:
        member = sagemaker.CfnWorkteam.CognitoMemberDefinitionProperty(
            cognito_user_pool=workers.pool.user_pool_id,
            cognito_user_group=group.ref,
            cognito_client_id=workforce.client.user_pool_client_id,
        )
        return sagemaker.CfnWorkteam(
            self,
            "Workteam",
            workteam_name=self._names.workteam,
            workforce_name=workforce.name,
            description=TEAM_DESCRIPTION,
            member_definitions=[sagemaker.CfnWorkteam.MemberDefinitionProperty(cognito_member_definition=member)],
            notification_configuration=sagemaker.CfnWorkteam.NotificationConfigurationProperty(
                notification_topic_arn=topic.topic_arn
            ),
        )
