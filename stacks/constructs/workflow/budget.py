"""A monthly budget of the stage, by its tag, that tells people how much of it is spent."""

from __future__ import annotations

from collections.abc import Sequence

from aws_cdk import aws_budgets as budgets
from aws_cdk import aws_sns as sns
from constructs import Construct

from stacks.naming import PROJECT, STAGE_TAG
from stacks.settings import Settings

ALL = 100
"""Per cent: all of it is spent."""


class StageBudget(Construct):
    """Tells of each threshold once a month, and of the forecast that all will be spent. `spent`, if given, hears that
    all is spent; `topic` hears of the rest where nobody's e-mail is known.

    The budget's name is CloudFormation's: other notifications make a new budget, which the old one's name would refuse.
    """

    def __init__(
        self,
        scope: Construct,
        identity: str,
        *,
        settings: Settings,
        topic: sns.ITopic,
        spent: sns.ITopic | None,
    ) -> None:
        super().__init__(scope, identity)
        self._emails = settings.told_of_money
        self._topic = topic
        self._spent = spent
        thresholds = sorted({*settings.money.thresholds, *((ALL,) if spent else ())})
        budget = budgets.CfnBudget(
            self,
            "Budget",
            budget=budgets.CfnBudget.BudgetDataProperty(
                budget_type="COST",
                time_unit="MONTHLY",
                budget_limit=budgets.CfnBudget.SpendProperty(amount=settings.money.monthly_budget, unit="USD"),
                # https://docs.aws.amazon.com/aws-cost-management/latest/APIReference/API_budgets_Budget.html
                cost_filters={"TagKeyValue": [f"user:{STAGE_TAG}${settings.stage}"]},
            ),
            notifications_with_subscribers=[
                *(self._notification("ACTUAL", threshold) for threshold in thresholds),
                self._notification("FORECASTED", ALL),
            ],
            resource_tags=[  # it has no `Tags`, so Tags.of(app) does not reach it
                budgets.CfnBudget.ResourceTagProperty(key="project", value=PROJECT),
                budgets.CfnBudget.ResourceTagProperty(key=STAGE_TAG, value=settings.stage),
            ],
        )
        self.name = budget.ref

    def _notification(self, kind: str, threshold: int) -> budgets.CfnBudget.NotificationWithSubscribersProperty:
        return budgets.CfnBudget.NotificationWithSubscribersProperty(
            notification=budgets.CfnBudget.NotificationProperty(
                comparison_operator="GREATER_THAN",
                notification_type=kind,
                threshold=threshold,
                threshold_type="PERCENTAGE",
            ),
            subscribers=self._subscribers(kind, threshold),
        )

    def _subscribers(self, kind: str, threshold: int) -> Sequence[budgets.CfnBudget.SubscriberProperty]:
        """E-mail addresses, and one topic at most: AWS takes no second one."""
        topic = self._spent if (kind, threshold) == ("ACTUAL", ALL) else None
        if topic is None and not self._emails:
            topic = self._topic
        heard = [("EMAIL", email) for email in self._emails] + ([("SNS", topic.topic_arn)] if topic else [])
        return [budgets.CfnBudget.SubscriberProperty(subscription_type=how, address=where) for how, where in heard]
