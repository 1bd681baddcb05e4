"""Notifications of Budgets, sent when somebody asks for them: nothing costs anything here, so none comes by itself."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

from localcloud.clients import client
from localcloud.sagemaker.store import ACCOUNT

_SENDER = "budgets.amazonaws.com"


def notify(budget: str, kind: str, threshold: float) -> list[str]:
    """Send the notification of this kind and threshold to the topics that subscribe to it; the topics. No mail is sent.

    Raises:
        ValueError: there is no such budget or notification, or a topic does not let Budgets publish to it.
    """
    api, identity = client("budgets"), {"AccountId": ACCOUNT, "BudgetName": budget}
    try:
        listed = api.describe_notifications_for_budget(**identity)["Notifications"]
    except api.exceptions.NotFoundException as error:
        raise ValueError(f"there is no budget {budget!r}") from error
    found = [one for one in listed if (one["NotificationType"], one["Threshold"]) == (kind, float(threshold))]
    if not found:
        raise ValueError(f"budget {budget!r} has no notification {kind} at {threshold}")
    named = {key: value for key, value in found[0].items() if key != "NotificationState"}
    subscribers = api.describe_subscribers_for_notification(**identity, Notification=named)["Subscribers"]
    topics = [one["Address"] for one in subscribers if one["SubscriptionType"] == "SNS"]
    for topic in topics:
        _publish(topic, budget, kind, threshold)
    api.update_notification(**identity, OldNotification=named, NewNotification={**named, "NotificationState": "ALARM"})
    return topics


def _publish(topic: str, budget: str, kind: str, threshold: float) -> None:
    attributes = client("sns").get_topic_attributes(TopicArn=topic)["Attributes"]
    if not _admits(json.loads(attributes.get("Policy") or "{}")):
        raise ValueError(f"{topic} does not let {_SENDER} publish: its policy needs a statement that does")
    today = datetime.now(UTC).strftime("%B %d, %Y")
    text = (
        f"AWS Budget Notification {today}\nAWS Account {ACCOUNT}\n\nDear AWS Customer,\n\nYou requested that we alert "
        f"you when the {kind} Cost associated with your {budget} budget is greater than {threshold:g}% for the current "
        "month."
    )
    client("sns").publish(TopicArn=topic, Subject=f"AWS Budgets: {budget}"[:99], Message=text)


def _admits(policy: dict[str, Any]) -> bool:
    """For this account alone, as AWS advises:
    https://docs.aws.amazon.com/cost-management/latest/userguide/budgets-sns-policy.html"""
    for statement in policy.get("Statement", []):
        principal = statement.get("Principal")
        services = principal.get("Service", []) if isinstance(principal, dict) else []
        conditions = statement.get("Condition", {}).get("StringEquals", {})
        admitted = _SENDER in ([services] if isinstance(services, str) else services)
        if statement["Effect"] == "Allow" and admitted and conditions.get("aws:SourceAccount", ACCOUNT) == ACCOUNT:
            return True
    return False
