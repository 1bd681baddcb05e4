"""The state machines, the functions that they call, the schedules that start them, and what watches over them."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from typing import Any

from aws_cdk import CfnOutput, Duration, RemovalPolicy, Stack
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_sns_subscriptions as subscriptions
from aws_cdk import aws_sqs as sqs
from aws_cdk import aws_stepfunctions as sfn
from constructs import Construct

from stacks.assets import Assets
from stacks.constructs.labeling.label_studio_webhook import FOLDER as WEBHOOK
from stacks.constructs.labeling.label_studio_webhook import LabelStudioWebhook
from stacks.constructs.labeling.workforce_resource import workteam_arn
from stacks.constructs.shared.access import Permission
from stacks.constructs.shared.log_groups import LogGroups
from stacks.constructs.shared.python_function import FunctionProps, PythonFunctions
from stacks.constructs.shared.topic import NotificationTopic
from stacks.constructs.studio.teardown_access import (
    DomainRef,
    domain_variable,
    machine_arn,
    machine_arns,
    teardown_permissions,
)
from stacks.constructs.workflow.event_rules import EventRules, StoppedExecutions
from stacks.constructs.workflow.function_access import Resources, function_permissions
from stacks.constructs.workflow.function_environment import environment_of, label_studio_values
from stacks.constructs.workflow.hard_stop import BUDGETS, make_money
from stacks.constructs.workflow.job_roles import labeling_role
from stacks.constructs.workflow.labeling_access import (
    LabelingAccess,
    ground_truth_access,
    portal_access,
    server_access,
    together,
)
from stacks.constructs.workflow.machine_grants import call_function, notify, run_machine
from stacks.constructs.workflow.operations import Operations, Watched
from stacks.constructs.workflow.processing import processing_substitutions
from stacks.constructs.workflow.schedules import AugmentationSchedules
from stacks.constructs.workflow.state_machine import FileStateMachine, Substitution
from stacks.constructs.workflow.stop_work import StopWork
from stacks.nag import acknowledge
from stacks.naming import (
    MACHINES,
    STAGE_TAG,
    TEARDOWN_FUNCTION,
    WORKFLOW_FUNCTIONS,
    Names,
    function_substitution,
    machine_substitution,
)
from stacks.portal_stack import PortalStack
from stacks.settings import Settings
from stacks.storage_stack import StorageStack

_WORKFLOWS = "workflows"
PUBLISHER = "publish_version"
# One whole CPU comes with 1,769 MB. A million outputs take the publisher 70 s of it, and 1 to 1.5 GB of disk; the
# labels of 100,000 objects, the most of one job, take 8 s and 574 MB besides the 1.5 ms or so of each request to S3.
_FUNCTION_TIMEOUT = Duration.minutes(5)
LARGE = {
    PUBLISHER,
    "begin_augmentation",
    "build_manifest",
    "collect_labels",
    "collect_rounds",
    "next_round",
    "start_labeling",
}
_LARGE_MEMORY_MB = 1769
_STORAGE_MB = {PUBLISHER: 8192, "build_manifest": 4096, "collect_labels": 4096}  # rows are sorted on disk


@dataclass(frozen=True)
class Foundations:
    """What the workflows stand on: the storage, the stage's own domain, if it has one, and who labels: a workteam of
    Ground Truth, the people of our portal, or nobody."""

    storage: StorageStack
    own_domain: DomainRef | None
    workteam_arn: str | None
    portal: PortalStack | None


class WorkflowStack(Stack):
    """Deployed last and destroyed first: nothing else depends on it."""

    def __init__(
        self,
        scope: Construct,
        identity: str,
        *,
        settings: Settings,
        assets: Assets,
        foundations: Foundations,
        **stack: Any,
    ) -> None:
        super().__init__(scope, identity, **stack)
        self._settings = settings
        self._names = Names(settings.stage)
        self._assets = assets
        self._on = foundations
        self._topic = self._make_topic()
        self._data = foundations.storage.data
        self._logs = LogGroups(settings, foundations.storage.key)
        in_ground_truth = "ground_truth" in settings.labeling.backends
        automated = settings.labeling.automated
        key = foundations.storage.key
        self._labeling_role = (
            labeling_role(self, data=self._data, volume_key=key, automated=automated) if in_ground_truth else None
        )
        hears = settings.in_label_studio and settings.labeling.label_studio_webhook
        self._webhook = (
            LabelStudioWebhook(self, "LabelStudioWebhook", settings=settings, logs=self._logs) if hears else None
        )
        python = PythonFunctions(self, "Functions", settings=settings, assets=assets, key=foundations.storage.key)
        self._functions = self._make_functions(python)
        self._machines = self._make_machines()
        dead_letters = self._make_dead_letters()
        schedules = AugmentationSchedules(
            self, "Schedules", settings=settings, machine=self._machines["augment"], dead_letters=dead_letters
        )
        StopWork(
            self,
            "StopWork",
            settings=settings,
            functions=python,
            domain_id=domain_variable(foundations.own_domain),
            stops=[*self._machines.values(), schedules],
        )
        EventRules(
            self,
            "Events",
            names=self._names,
            functions=self._functions,
            label=self._machines["label"],
            own_events=settings.in_portal or settings.in_label_studio,
            of_ground_truth=in_ground_truth,
            dead_letters=dead_letters,
        )
        StoppedExecutions(self, "Stopped", names=self._names, machines=self._machines, topic=self._topic)
        stopping = make_money(
            self,
            settings=settings,
            functions=python,
            domain_id=domain_variable(foundations.own_domain),
            schedules=schedules,
            topic=self._topic,
            key=foundations.storage.key,
            dead_letters=dead_letters,
        )
        watched = Watched(self._machines, {**self._functions, **stopping}, dead_letters)
        Operations(self, "Operations", names=self._names, watched=watched, topic=self._topic)
        self._outputs(schedules)

    def _make_topic(self) -> NotificationTopic:
        key = self._on.storage.key
        budgets = [BUDGETS] if self._settings.money.monthly_budget else []
        publishers = ["cloudwatch.amazonaws.com", "events.amazonaws.com", *budgets]
        topic = NotificationTopic(self, "Topic", publishers=publishers, key=key)
        for email in self._settings.operations.alarm_emails:
            topic.add_subscription(subscriptions.EmailSubscription(email))
        return topic

    def _make_dead_letters(self) -> sqs.Queue:
        queue = sqs.Queue(
            self,
            "DeadLetters",
            encryption=sqs.QueueEncryption.SQS_MANAGED,
            enforce_ssl=True,
            retention_period=Duration.days(14),
            removal_policy=RemovalPolicy.DESTROY,
        )
        acknowledge(queue, "SQS3", "It is the dead-letter queue itself, of EventBridge and its Scheduler.")
        return queue

    def _make_functions(self, functions: PythonFunctions) -> dict[str, lambda_.Function]:
        custom_code = self._settings.processing.custom_code
        resources = Resources(
            self._data, self._on.storage.ledger, self._on.storage.key, self._labeling_access(), custom_code
        )
        permissions = {
            **function_permissions(self, self._names, resources),
            TEARDOWN_FUNCTION: self._teardown_permissions(),
        }
        values = self._environment_values()
        made = {}
        for folder in WORKFLOW_FUNCTIONS:
            props = FunctionProps(
                folder=folder,
                environment=environment_of(folder, values),
                permissions=permissions[folder],
                timeout=Duration.minutes(15) if folder in LARGE else _FUNCTION_TIMEOUT,
            )
            if folder in LARGE:
                props = replace(props, memory_mb=_LARGE_MEMORY_MB)
            if folder in _STORAGE_MB:
                props = replace(props, storage_mb=_STORAGE_MB[folder])
            made[folder] = functions.add(props)
        if self._webhook:
            self._webhook.answer_by(functions, environment_of(WEBHOOK, values), resources.labeling[WEBHOOK])
        return made

    def _labeling_access(self) -> LabelingAccess:
        portal, access = self._on.portal, []
        if self._labeling_role:
            access.append(ground_truth_access(self, self._names, self._labeling_role, self._workteam()))
        if portal:
            access.append(portal_access(self, portal.tasks, self._on.storage.key, portal.workers.pool, self._data))
        if self._settings.in_label_studio:
            access.append(server_access(self, self._settings.labeling, self._data))
        return together(access)

    def _workteam(self) -> str | None:
        """What the preflight may look at. Of a team that the account may have refused CloudFormation knows no ARN."""
        own = self._on.portal and self._settings.own_workteam
        return workteam_arn(self, self._names) if own else self._on.workteam_arn

    def _teardown_permissions(self) -> list[Permission]:
        return teardown_permissions(self, settings=self._settings, own=self._on.own_domain)

    def _environment_values(self) -> dict[str, str]:
        """ARNs of machines go by name, for machines name functions."""
        return {
            "STAGE": self._settings.stage,
            "CUSTOM_CODE": json.dumps(self._settings.processing.custom_code),
            "LEARNING": json.dumps(self._settings.learning.enabled),
            "EMBEDDING_MODEL": self._settings.learning.model or "",
            "LABELERS": ",".join(self._settings.labeling.backends),
            "AUTOMATED_LABELING": json.dumps(self._settings.labeling.automated),
            "VOLUME_KEY_ARN": self._on.storage.key.key_arn if self._on.storage.key else "",
            "DATA_BUCKET": self._data.bucket.bucket_name,
            "LEDGER_TABLE": self._on.storage.ledger.table_name,
            "WORKTEAM_ARN": self._on.workteam_arn or "",
            "LABELING_ROLE_ARN": self._labeling_role.role_arn if self._labeling_role else "",
            "TASK_TABLE": self._on.portal.tasks.table_name if self._on.portal else "",
            "USER_POOL_ID": self._on.portal.workers.pool.user_pool_id if self._on.portal else "",
            "WORKER_GROUP": self._names.worker_group,
            **label_studio_values(self._settings, self._webhook.address if self._webhook else ""),
            "PROCESSING_INSTANCE_TYPE": self._settings.processing.instance_type,
            "DOMAIN_ID": domain_variable(self._on.own_domain),
            "SCHEDULE_GROUP": self._names.schedule_group,
            "AUGMENT_STATE_MACHINE_ARN": machine_arn(self, self._names, "augment"),
            "LABEL_STATE_MACHINE_ARN": machine_arn(self, self._names, "label"),
            "STATE_MACHINE_ARNS": json.dumps(machine_arns(self, self._names)),
            "PROJECT_TAG": STAGE_TAG,
            "JOB_NAME_PREFIX": self._names.job_prefix,
            "RETAIN": json.dumps(self._settings.storage.retain),
        }

    def _make_machines(self) -> dict[str, sfn.StateMachine]:
        key = self._on.storage.key
        jobs = processing_substitutions(self, settings=self._settings, assets=self._assets, data=self._data, key=key)
        topic = Substitution(self._topic.topic_arn, notify(self._topic, key))
        offered = {**self._function_substitutions(), **jobs, "TopicArn": topic}
        machines = {}
        for part in MACHINES:
            machine = FileStateMachine(
                self,
                part.capitalize(),
                name=self._names.machine(part),
                definition=self._assets.root / _WORKFLOWS / f"{part}.asl.json",
                offered=offered,
                logs=self._logs,
            ).machine
            machines[part] = machine
            start = run_machine(self, machine, self._names.machine(part))
            offered[machine_substitution(part)] = Substitution(machine.state_machine_arn, start)
        return machines

    def _function_substitutions(self) -> dict[str, Substitution]:
        return {
            function_substitution(folder): Substitution(function.function_arn, call_function(function))
            for folder, function in self._functions.items()
        }

    def _outputs(self, schedules: AugmentationSchedules) -> None:
        for part, machine in self._machines.items():
            CfnOutput(self, machine_substitution(part), value=machine.state_machine_arn)
        CfnOutput(self, "ScheduleGroupName", value=schedules.group_name)
        CfnOutput(self, "TopicArn", value=self._topic.topic_arn)
