"""The budget, and the hard stop that it calls, as the templates have them."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from stacks.settings import Settings
from stacks.settings.money import MOST_EMAILS
from tests.infra.variants import BUDGET, HARD_STOP, HARD_STOP_GUARDED, IAM_PUBLIC, Synthesized, settings_of

Synthesize = Callable[[str], Synthesized]


def notifications(stage: Synthesized) -> Iterator[tuple[str, int, list[tuple[str, Any]]]]:
    """Kind, threshold, subscribers by their kind."""
    budget = stage.only("workflow", "AWS::Budgets::Budget")
    for one in budget["NotificationsWithSubscribers"]:
        told = one["Notification"]
        assert (told["ComparisonOperator"], told["ThresholdType"]) == ("GREATER_THAN", "PERCENTAGE")
        heard = [(subscriber["SubscriptionType"], subscriber["Address"]) for subscriber in one["Subscribers"]]
        yield told["NotificationType"], told["Threshold"], heard


def test_without_a_budget_there_is_none_and_nobody_could_publish_as_budgets(synthesized: Synthesize) -> None:
    stage = synthesized(IAM_PUBLIC)
    assert stage.resources("workflow", "AWS::Budgets::Budget") == {}
    assert "budgets.amazonaws.com" not in json.dumps(stage.templates["workflow"].to_json())


def test_a_budget_counts_what_has_the_stages_tag(synthesized: Synthesize) -> None:
    budget = synthesized(BUDGET).only("workflow", "AWS::Budgets::Budget")
    assert budget["Budget"] == {
        "BudgetType": "COST",
        "TimeUnit": "MONTHLY",
        "BudgetLimit": {"Amount": 100, "Unit": "USD"},
        "CostFilters": {"TagKeyValue": ["user:kempelen:stage$dev"]},
    }
    assert {tag["Key"]: tag["Value"] for tag in budget["ResourceTags"]} == {
        "project": "kempelen",
        "kempelen:stage": "dev",
    }


def test_thresholds_and_the_forecast_are_told_to_the_topic_where_no_mail_is_known(synthesized: Synthesize) -> None:
    stage = synthesized(BUDGET)
    told = list(notifications(stage))
    assert [(kind, threshold) for kind, threshold, _ in told] == [
        ("ACTUAL", 50),
        ("ACTUAL", 80),
        ("ACTUAL", 100),
        ("FORECASTED", 100),
    ]
    (topic,) = stage.resources("workflow", "AWS::SNS::Topic")
    assert all(heard == [("SNS", {"Ref": topic})] for _, _, heard in told)
    assert stage.resources("workflow", "AWS::SNS::Subscription") == {}


@pytest.mark.parametrize("variant", [BUDGET, HARD_STOP, HARD_STOP_GUARDED])
def test_budgets_may_publish_for_this_account_alone(variant: str, synthesized: Synthesize) -> None:
    stage = synthesized(variant)
    for policy in stage.resources("workflow", "AWS::SNS::TopicPolicy").values():
        admitting = [one for one in policy["PolicyDocument"]["Statement"] if "budgets" in json.dumps(one["Principal"])]
        assert [one["Condition"] for one in admitting] == [
            {"StringEquals": {"aws:SourceAccount": {"Ref": "AWS::AccountId"}}}
        ]


def test_all_that_is_spent_calls_the_stop_and_nothing_else_does(synthesized: Synthesize) -> None:
    stage = synthesized(HARD_STOP)
    told = list(notifications(stage))
    calling = [(kind, threshold) for kind, threshold, heard in told if any(how == "SNS" for how, _ in heard)]
    assert calling == [("ACTUAL", 100)]
    assert all(("EMAIL", "cfo@example.com") in heard for _, _, heard in told)
    subscription = stage.only("workflow", "AWS::SNS::Subscription")
    function = next(
        identity
        for identity, function in stage.resources("workflow", "AWS::Lambda::Function").items()
        if function["FunctionName"] == "kempelen-dev-stop-spending"
    )
    assert (subscription["Protocol"], subscription["Endpoint"]) == ("lambda", {"Fn::GetAtt": [function, "Arn"]})
    assert "deadLetterTargetArn" in subscription["RedrivePolicy"]
    spent = next(
        address for kind, t, heard in told if (kind, t) == ("ACTUAL", 100) for how, address in heard if how == "SNS"
    )
    assert subscription["TopicArn"] == spent


def test_the_stop_comes_at_all_of_it_whatever_the_thresholds_are(synthesized: Synthesize) -> None:
    told = [(kind, threshold) for kind, threshold, _ in notifications(synthesized(HARD_STOP_GUARDED))]
    assert told == [("ACTUAL", 90), ("ACTUAL", 100), ("FORECASTED", 100)]


def test_an_alarm_watches_the_stop(synthesized: Synthesize) -> None:
    alarms = synthesized(HARD_STOP).resources("workflow", "AWS::CloudWatch::Alarm").values()
    assert any(
        "kempelen-dev-stop-spending raised an error" in json.dumps(alarm["AlarmDescription"]) for alarm in alarms
    )


def test_a_stage_without_schedules_hands_no_role_over(synthesized: Synthesize) -> None:
    stage = synthesized(HARD_STOP_GUARDED)
    policies = {
        name: policy
        for name, policy in stage.resources("workflow", "AWS::IAM::Policy").items()
        if "stopspending" in name
    }
    assert policies
    assert "iam:PassRole" not in json.dumps(policies)


@pytest.mark.parametrize(
    ("money", "words"),
    [
        ({"hard_stop": True}, "hard_stop = true needs monthly_budget"),
        ({"budget_emails": ["a@example.com"]}, "budget_emails need monthly_budget"),
        ({"monthly_budget": 1, "thresholds": [50, 50]}, "a percentage twice"),
        ({"monthly_budget": -1}, "greater than or equal to 0"),
        ({"monthly_budget": 1, "thresholds": []}, "at least 1 item"),
    ],
)
def test_a_budget_that_would_do_nothing_is_refused(money: dict[str, Any], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        Settings.model_validate({**settings_of(IAM_PUBLIC).model_dump(), "money": money})


def test_no_more_mails_than_aws_takes_are_told() -> None:
    values = settings_of(BUDGET).model_dump()
    values["operations"]["alarm_emails"] = [f"o{number}@example.com" for number in range(MOST_EMAILS + 5)]
    assert len(Settings.model_validate(values).told_of_money) == MOST_EMAILS
