"""What a stage may spend in a month, who is told of it, and whether it is stopped then."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, model_validator

from stacks.settings.fields import Email
from stacks.settings.section import Section

MOST_EMAILS = 10
"""Of one notification, besides one topic:
https://docs.aws.amazon.com/aws-cost-management/latest/APIReference/API_budgets_NotificationWithSubscribers.html"""


class MoneySettings(Section):
    """`monthly_budget`: US dollars a month, 0 for no budget. It counts what the stage's tag is on, once that tag is
    activated in the account's billing (docs/costs.md).

    `thresholds`: percentages of it at which somebody is told; that it will be passed is told besides.
    `budget_emails`: who is told; left out, those of `operations.alarm_emails`, and without any the stage's topic.
    `hard_stop`: what runs is stopped when all of it is spent: Studio's apps, Canvas, jobs, executions and schedules.
    Nothing is deleted. AWS looks at costs a few times a day, so that more may be spent until then.
    """

    monthly_budget: float = Field(default=0, ge=0, le=1e9)
    thresholds: tuple[Annotated[int, Field(ge=1, le=1000)], ...] = Field(
        default=(50, 80, 100), min_length=1, max_length=8, strict=False
    )
    budget_emails: tuple[Email, ...] = Field(default=(), max_length=MOST_EMAILS, strict=False)
    hard_stop: bool = False

    @model_validator(mode="after")
    def _a_stop_has_a_budget(self) -> MoneySettings:
        if self.hard_stop and not self.monthly_budget:
            raise ValueError("hard_stop = true needs monthly_budget: without it there is nothing to be spent up")
        if self.budget_emails and not self.monthly_budget:
            raise ValueError("budget_emails need monthly_budget: without it nothing is told")
        if len(set(self.thresholds)) < len(self.thresholds):
            raise ValueError("thresholds holds a percentage twice; each may stand once")
        return self
