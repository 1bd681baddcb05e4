"""Stops what runs for the stage once its budget is spent."""

from __future__ import annotations

import json
from typing import Any

from aws_cdk import CfnOutput, Duration
from aws_cdk import aws_kms as kms
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_sns as sns
from aws_cdk import aws_sns_subscriptions as subscriptions
from aws_cdk import aws_sqs as sqs
from constructs import Construct

from domain.teardown.scope import NO_DOMAIN
from stacks.constructs.shared.access import ANY, Permission, arn, pass_role, use_key
from stacks.constructs.shared.python_function import FunctionProps, PythonFunctions
from stacks.constructs.shared.topic import NotificationTopic
from stacks.constructs.studio.teardown_access import jobs_permissions, machine_arns
from stacks.constructs.workflow.budget import StageBudget
from stacks.constructs.workflow.schedules import AugmentationSchedules
from stacks.naming import STAGE_TAG, Names
from stacks.settings import Settings

STOP_FUNCTION = "stop_spending"
BUDGETS = "budgets.amazonaws.com"
_LISTS = "Lists of Scheduler and SageMaker know no resources."


def make_money(scope: Construct, *, settings: Settings, **props: Any) -> dict[str, lambda_.Function]:
    """The budget of a stage that has one; the function of its hard stop by its folder, if there is one. `props`: those
    of Money."""
    if not settings.money.monthly_budget:
        return {}
    function = Money(scope, "Money", settings=settings, **props).function
    return {STOP_FUNCTION: function} if function else {}


class Money(Construct):
    """The budget, and with `money.hard_stop` the function that it calls; `function` is None without one.

    `topic` is the stage's, which Budgets may publish to; what was stopped is told there. `dead_letters` takes the
    notification that the function could not heed.
    """

    def __init__(
        self,
        scope: Construct,
        identity: str,
        *,
        settings: Settings,
        functions: PythonFunctions,
        domain_id: str,
        schedules: AugmentationSchedules,
        topic: sns.ITopic,
        key: kms.IKey | None,
        dead_letters: sqs.IQueue,
    ) -> None:
        super().__init__(scope, identity)
        self._settings = settings
        self._names = Names(settings.stage)
        self.function: lambda_.Function | None = None
        spent: sns.ITopic | None = None
        if settings.money.hard_stop:
            self.function = self._make_function(functions, domain_id, schedules, topic, key)
            spent = NotificationTopic(self, "Spent", publishers=[BUDGETS], key=key)
            spent.add_subscription(subscriptions.LambdaSubscription(self.function, dead_letter_queue=dead_letters))
            CfnOutput(self, "SpentTopicArn", value=spent.topic_arn)
        budget = StageBudget(self, "Stage", settings=settings, topic=topic, spent=spent)
        CfnOutput(self, "BudgetName", value=budget.name)

    def _make_function(
        self,
        functions: PythonFunctions,
        domain_id: str,
        schedules: AugmentationSchedules,
        topic: sns.ITopic,
        key: kms.IKey | None,
    ) -> lambda_.Function:
        names = self._names
        machines = machine_arns(self, names)
        return functions.add(
            FunctionProps(
                folder=STOP_FUNCTION,
                environment={
                    "DOMAIN_ID": domain_id,
                    "JOB_NAME_PREFIX": names.job_prefix,
                    "RETAIN": json.dumps(True),
                    "PROJECT_TAG": STAGE_TAG,
                    "SCHEDULE_GROUP": names.schedule_group,
                    "STAGE": self._settings.stage,
                    "STATE_MACHINE_ARNS": json.dumps(machines),
                    "TOPIC_ARN": topic.topic_arn,
                },
                permissions=[
                    *self._may_disable(schedules),
                    *self._may_stop(domain_id, machines),
                    Permission("sns", ["Publish"], [topic.topic_arn]),
                    *use_key(key),
                ],
                timeout=Duration.minutes(15),
            )
        )

    def _may_disable(self, schedules: AugmentationSchedules) -> list[Permission]:
        """UpdateSchedule hands the role over again:
        https://docs.aws.amazon.com/scheduler/latest/UserGuide/security_iam_id-based-policies.html"""
        group = [arn(self, "scheduler", f"schedule/{self._names.schedule_group}/*")]
        return [
            Permission("scheduler", ["ListSchedules"], ANY, _LISTS),
            Permission(
                "scheduler", ["GetSchedule", "UpdateSchedule"], group, "The schedules of this stage's own group."
            ),
            *([pass_role(schedules.role, "scheduler.amazonaws.com")] if schedules.role else []),
        ]

    def _may_stop(self, domain_id: str, machines: list[str]) -> list[Permission]:
        executions = [f"{machine.replace(':stateMachine:', ':execution:')}:*" for machine in machines]
        apps = [arn(self, "sagemaker", f"app/{domain_id}/*")]
        close = [
            Permission("sagemaker", ["ListApps"], ANY, _LISTS),
            Permission("sagemaker", ["DeleteApp"], apps, "Whoever's app of this one domain."),
        ]
        return [
            Permission("states", ["ListExecutions"], machines),
            Permission("states", ["StopExecution"], executions, "Executions of these very machines."),
            *jobs_permissions(self, self._names),
            *([] if domain_id == NO_DOMAIN else close),
        ]
