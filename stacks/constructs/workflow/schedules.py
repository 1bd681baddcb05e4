"""Recurring augmentation: EventBridge Scheduler starts the augment machine; what it cannot start lands in a queue."""

from __future__ import annotations

from aws_cdk import Aws, Duration, RemovalPolicy
from aws_cdk import aws_iam as iam
from aws_cdk import aws_scheduler as scheduler
from aws_cdk import aws_scheduler_targets as targets
from aws_cdk import aws_sqs as sqs
from aws_cdk import aws_stepfunctions as sfn
from constructs import Construct

from stacks.naming import Names
from stacks.settings import Settings
from stacks.settings.schedules import ScheduleSettings

_WINDOW = "<aws.scheduler.scheduled-time>"
"""Scheduler puts the tick's time here: duplicates of one tick get one run id, and the lease admits one of them."""


class AugmentationSchedules(Construct):
    """Offers `group_name`, and `role`, with which schedules start executions, if there are any. Retries never outlast a
    day; then the tick goes to the dead-letter queue."""

    def __init__(
        self, scope: Construct, identity: str, *, settings: Settings, machine: sfn.StateMachine, dead_letters: sqs.Queue
    ) -> None:
        super().__init__(scope, identity)
        self._names = Names(settings.stage)
        self._machine = machine
        self._dead_letters = dead_letters
        self._group = scheduler.ScheduleGroup(
            self,
            "Group",
            schedule_group_name=self._names.schedule_group,
            removal_policy=RemovalPolicy.DESTROY,  # the construct's own default leaves the group behind
        )
        self.group_name = self._names.schedule_group
        self.role = self._make_role() if settings.schedules else None
        for number, schedule in enumerate(settings.schedules):
            self._schedule(f"{schedule.dataset}-{number}", schedule)

    def _make_role(self) -> iam.Role:
        """Trusted for this group alone, as Scheduler's guide advises:
        https://docs.aws.amazon.com/scheduler/latest/UserGuide/cross-service-confused-deputy-prevention.html"""
        ours = {"aws:SourceAccount": Aws.ACCOUNT_ID, "aws:SourceArn": self._group.schedule_group_arn}
        principal = iam.ServicePrincipal("scheduler.amazonaws.com", conditions={"StringEquals": ours})
        return iam.Role(self, "Role", assumed_by=principal, description=f"Schedules of {self._names.base}")

    def _schedule(self, name: str, schedule: ScheduleSettings) -> None:
        inputs = {
            "dataset": schedule.dataset,
            "recipe": schedule.recipe,
            "seed": schedule.seed,
            "instances": schedule.instances,
            "window": _WINDOW,
            **({"code": schedule.code} if schedule.code else {}),
            **({"backgrounds": schedule.backgrounds} if schedule.backgrounds else {}),
        }
        scheduler.Schedule(
            self,
            f"Schedule-{name}",
            schedule_name=name,
            description=f"Augments {schedule.dataset} again",
            schedule_group=self._group,
            schedule=scheduler.ScheduleExpression.expression(schedule.expression),
            enabled=schedule.enabled,
            target=targets.StepFunctionsStartExecution(
                self._machine,
                input=scheduler.ScheduleTargetInput.from_object(inputs),
                role=self.role,
                dead_letter_queue=self._dead_letters,
                retry_attempts=24,
                max_event_age=Duration.hours(6),
            ),
        )
