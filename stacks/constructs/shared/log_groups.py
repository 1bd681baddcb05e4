"""Every log group of a stage: one setting for how long it keeps lines, the stage's own key, and what becomes of it."""

from __future__ import annotations

from dataclasses import dataclass

from aws_cdk import Aws, Fn
from aws_cdk import aws_kms as kms
from aws_cdk import aws_logs as logs
from constructs import Construct

from stacks.constructs.shared.removal import removal
from stacks.settings import Settings

_DAYS = {
    1: logs.RetentionDays.ONE_DAY,
    3: logs.RetentionDays.THREE_DAYS,
    5: logs.RetentionDays.FIVE_DAYS,
    7: logs.RetentionDays.ONE_WEEK,
    14: logs.RetentionDays.TWO_WEEKS,
    30: logs.RetentionDays.ONE_MONTH,
    60: logs.RetentionDays.TWO_MONTHS,
    90: logs.RetentionDays.THREE_MONTHS,
    120: logs.RetentionDays.FOUR_MONTHS,
    180: logs.RetentionDays.SIX_MONTHS,
    365: logs.RetentionDays.ONE_YEAR,
    400: logs.RetentionDays.THIRTEEN_MONTHS,
    545: logs.RetentionDays.EIGHTEEN_MONTHS,
    731: logs.RetentionDays.TWO_YEARS,
}


@dataclass(frozen=True)
class LogGroups:
    """`key`: the stage's own, if it has one; what is made before it has none."""

    settings: Settings
    key: kms.IKey | None = None

    def make(self, scope: Construct, identity: str, *, name: str = "") -> logs.LogGroup:
        """Without a `name` CloudFormation gives one."""
        return logs.LogGroup(
            scope,
            identity,
            log_group_name=self._physical(name) if name else None,
            retention=_DAYS[self.settings.operations.log_retention_days],
            encryption_key=self.key,
            removal_policy=removal(self.settings),
        )

    def _physical(self, name: str) -> str:
        """One that is kept must not be in the way of the next deployment: the stack's own id tells them apart."""
        if not self.settings.storage.retain:
            return name
        unique = Fn.select(2, Fn.split("/", Aws.STACK_ID))
        return f"{name}-{Fn.select(0, Fn.split('-', unique))}"
