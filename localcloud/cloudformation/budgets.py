"""AWS::Budgets::Budget, which CloudFormation makes through the API of Budgets."""

from __future__ import annotations

from typing import Any

from botocore.exceptions import ClientError

from localcloud.clients import client
from localcloud.cloudformation.registry import Created, Properties, register
from localcloud.sagemaker.store import ACCOUNT

_LONGEST_NAME = 100


def register_types() -> None:
    register("AWS::Budgets::Budget", _create, _delete, update=_update)


def _create(properties: Properties, name: str) -> Created:
    """Ref gives the name, CloudFormation's own where the template has none."""
    given = properties["Budget"]
    budget = {**_budget(given), "BudgetName": given.get("BudgetName") or name[-_LONGEST_NAME:]}
    request: dict[str, Any] = {"AccountId": ACCOUNT, "Budget": budget}
    told = [_notification(one) for one in properties.get("NotificationsWithSubscribers") or []]
    if told:
        request["NotificationsWithSubscribers"] = told
    if properties.get("ResourceTags"):
        request["ResourceTags"] = properties["ResourceTags"]
    client("budgets").create_budget(**request)
    return budget["BudgetName"], {}


def _budget(given: Properties) -> dict[str, Any]:
    """The template has amounts as numbers, the API as texts."""
    budget = {key: value for key, value in given.items() if key != "BudgetLimit"}
    limit = given.get("BudgetLimit")
    if limit:
        budget["BudgetLimit"] = {"Amount": f"{float(limit['Amount']):g}", "Unit": limit["Unit"]}
    return budget


def _notification(given: Properties) -> dict[str, Any]:
    """Of its subscribers one topic at most, as AWS has it:
    https://docs.aws.amazon.com/aws-cost-management/latest/APIReference/API_budgets_NotificationWithSubscribers.html"""
    if sum(one["SubscriptionType"] == "SNS" for one in given["Subscribers"]) > 1:
        raise ValueError("a notification of a budget takes one SNS topic at most")
    notification = {**given["Notification"], "Threshold": float(given["Notification"]["Threshold"])}
    return {"Notification": notification, "Subscribers": given["Subscribers"]}


def _update(name: str, old: Properties, new: Properties) -> Created:
    """Other notifications or another name make a new budget; the rest is changed in place."""
    named = new["Budget"].get("BudgetName") or name
    if named == name and old.get("NotificationsWithSubscribers") == new.get("NotificationsWithSubscribers"):
        client("budgets").update_budget(AccountId=ACCOUNT, NewBudget={**_budget(new["Budget"]), "BudgetName": name})
        return name, {}
    if named == name and new["Budget"].get("BudgetName"):
        raise ValueError(f"{name} already exists: a budget that is replaced needs another name")
    return _create(new, f"{name}-again" if named == name else named)


def _delete(name: str, _properties: Properties) -> None:
    try:
        client("budgets").delete_budget(AccountId=ACCOUNT, BudgetName=name)
    except ClientError as error:
        if error.response["Error"]["Code"] != "NotFoundException":
            raise
