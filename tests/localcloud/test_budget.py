"""A budget of the local cloud that is spent calls the hard stop, which stops what runs and keeps the rest."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from localcloud.client.process import LocalCloud, LocalCloudError
from tests.localcloud.studio import Studio

ROOT = Path(__file__).resolve().parents[2]
ROLE = "arn:aws:iam::000000000000:role/any"
WAITS = json.dumps({"StartAt": "Wait", "States": {"Wait": {"Type": "Wait", "Seconds": 3600, "End": True}}})


def code() -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for folder in ("lambdas", "domain", "adapters"):
            for path in sorted((ROOT / folder).rglob("*.*")):
                if path.suffix in (".py", ".json"):
                    archive.write(path, path.relative_to(ROOT))
    return buffer.getvalue()


def template(function: str, *, admitted: bool = True, amount: int = 20) -> dict[str, Any]:
    """As stacks/constructs/workflow/budget.py makes it, with the topic that calls the function."""
    statement = {
        "Effect": "Allow",
        "Principal": {"Service": "budgets.amazonaws.com" if admitted else "cloudwatch.amazonaws.com"},
        "Action": "sns:Publish",
        "Resource": {"Ref": "Spent"},
        "Condition": {"StringEquals": {"aws:SourceAccount": {"Ref": "AWS::AccountId"}}},
    }
    budget = {
        "BudgetType": "COST",
        "TimeUnit": "MONTHLY",
        "BudgetLimit": {"Amount": amount, "Unit": "USD"},
        "CostFilters": {"TagKeyValue": ["user:kempelen:stage$dev"]},
    }
    told = {"ComparisonOperator": "GREATER_THAN", "NotificationType": "ACTUAL", "Threshold": 100}
    heard = [
        {"SubscriptionType": "SNS", "Address": {"Ref": "Spent"}},
        {"SubscriptionType": "EMAIL", "Address": "a@b.example"},
    ]
    return {
        "Resources": {
            "Spent": {"Type": "AWS::SNS::Topic"},
            "Policy": {
                "Type": "AWS::SNS::TopicPolicy",
                "Properties": {
                    "Topics": [{"Ref": "Spent"}],
                    "PolicyDocument": {"Version": "2012-10-17", "Statement": [statement]},
                },
            },
            "Calls": {
                "Type": "AWS::SNS::Subscription",
                "Properties": {"TopicArn": {"Ref": "Spent"}, "Protocol": "lambda", "Endpoint": function},
            },
            "Budget": {
                "Type": "AWS::Budgets::Budget",
                "Properties": {
                    "Budget": budget,
                    "NotificationsWithSubscribers": [{"Notification": told, "Subscribers": heard}],
                    "ResourceTags": [{"Key": "kempelen:stage", "Value": "dev"}],
                },
            },
        },
        "Outputs": {"BudgetName": {"Value": {"Ref": "Budget"}}},
    }


class Stack:
    def __init__(self, client: Any, until: Any, name: str) -> None:
        self._cloudformation, self._until, self.name = client("cloudformation"), until, name

    def make(self, body: dict[str, Any], *, again: bool = False) -> str:
        call = self._cloudformation.update_stack if again else self._cloudformation.create_stack
        call(StackName=self.name, TemplateBody=json.dumps(body))
        made = self._until(self._described, lambda one: not one["StackStatus"].endswith("IN_PROGRESS"))
        assert made["StackStatus"] in ("CREATE_COMPLETE", "UPDATE_COMPLETE"), made
        return str({one["OutputKey"]: one["OutputValue"] for one in made["Outputs"]}["BudgetName"])

    def _described(self) -> dict[str, Any]:
        return dict(self._cloudformation.describe_stacks(StackName=self.name)["Stacks"][0])

    def delete(self) -> None:
        self._cloudformation.delete_stack(StackName=self.name)


@pytest.fixture
def stack(client: Any, until: Any, unique: Any) -> Iterator[Stack]:
    made = Stack(client, until, unique("money"))
    yield made
    made.delete()


def test_a_budget_that_is_spent_stops_what_runs_and_keeps_what_people_made(
    cloud: LocalCloud, client: Any, until: Any, unique: Any, stack: Stack
) -> None:
    studio = Studio(client, until)
    domain = studio.domain()
    studio.profile(domain, "ada")
    studio.canvas(domain, "ada")
    group, machine = unique("kempelen-dev"), unique("label")
    client("scheduler").create_schedule_group(Name=group)
    states = client("stepfunctions")
    arn = states.create_state_machine(name=machine, definition=WAITS, roleArn=ROLE)["stateMachineArn"]
    execution = states.start_execution(stateMachineArn=arn, input="{}")["executionArn"]
    client("scheduler").create_schedule(
        Name="faces-0",
        GroupName=group,
        Description="Augments faces again",
        ScheduleExpression="rate(30 days)",
        FlexibleTimeWindow={"Mode": "OFF"},
        Target={"Arn": arn, "RoleArn": ROLE, "Input": "{}"},
    )
    topic = client("sns").create_topic(Name=unique("told"))["TopicArn"]
    variables = {
        "DOMAIN_ID": domain,
        "STAGE": "dev",
        "PROJECT_TAG": "kempelen:stage",
        "JOB_NAME_PREFIX": "kempelen-dev-",
        "RETAIN": "true",
        "SCHEDULE_GROUP": group,
        "STATE_MACHINE_ARNS": json.dumps([arn]),
        "TOPIC_ARN": topic,
        "POWERTOOLS_SERVICE_NAME": "stop-spending",
        "POWERTOOLS_METRICS_NAMESPACE": "Kempelen",
        "POWERTOOLS_TRACE_DISABLED": "true",
    }
    function = client("lambda").create_function(
        FunctionName=unique("stop-spending"),
        Runtime="python3.13",
        Role=ROLE,
        Handler="lambdas.stop_spending.handler.handler",
        Code={"ZipFile": code()},
        Timeout=300,
        Environment={"Variables": variables},
    )
    name = stack.make(template(function["FunctionArn"]))
    assert states.describe_execution(executionArn=execution)["status"] == "RUNNING"

    assert len(cloud.spend(name)) == 1

    until(lambda: states.describe_execution(executionArn=execution)["status"], lambda status: status == "ABORTED")
    apps = client("sagemaker").list_apps
    until(lambda: {app["Status"] for app in apps(DomainIdEquals=domain)["Apps"]}, lambda found: found == {"Deleted"})
    schedule = client("scheduler").get_schedule(Name="faces-0", GroupName=group)
    assert (schedule["State"], schedule["ScheduleExpression"]) == ("DISABLED", "rate(30 days)")
    assert client("sagemaker").describe_domain(DomainId=domain)["Status"] == "InService"
    assert client("sagemaker").list_user_profiles(DomainIdEquals=domain)["UserProfiles"]

    answer = client("lambda").invoke(FunctionName=function["FunctionName"], Payload=b'{"resume": true}')
    assert json.load(answer["Payload"]) == {"enabled": ["faces-0"]}
    again = client("scheduler").get_schedule(Name="faces-0", GroupName=group)
    assert (again["State"], again["Description"]) == ("ENABLED", "Augments faces again")


def test_a_budget_is_changed_in_place_and_goes_with_its_stack(
    client: Any, until: Any, unique: Any, stack: Stack
) -> None:
    function = "arn:aws:lambda:us-east-1:000000000000:function:nobody"
    budgets, account = client("budgets"), "000000000000"
    name = stack.make(template(function))
    assert stack.make(template(function, amount=30), again=True) == name
    found = budgets.describe_budget(AccountId=account, BudgetName=name)["Budget"]
    assert (found["BudgetLimit"], found["CostFilters"]) == (
        {"Amount": "30", "Unit": "USD"},
        {"TagKeyValue": ["user:kempelen:stage$dev"]},
    )
    stack.delete()
    until(lambda: [one["BudgetName"] for one in budgets.describe_budgets(AccountId=account).get("Budgets", [])],
          lambda names: name not in names)  # fmt: skip


def test_a_topic_that_does_not_admit_budgets_hears_nothing(cloud: LocalCloud, stack: Stack) -> None:
    name = stack.make(template("arn:aws:lambda:us-east-1:000000000000:function:nobody", admitted=False))
    with pytest.raises(LocalCloudError, match=r"does not let budgets\.amazonaws\.com publish"):
        cloud.spend(name)


@pytest.mark.parametrize(
    ("threshold", "words"), [(55, "has no notification ACTUAL at 55"), (100, "there is no budget")]
)
def test_what_is_not_there_cannot_be_told(threshold: float, words: str, cloud: LocalCloud, stack: Stack) -> None:
    name = stack.make(template("arn:aws:lambda:us-east-1:000000000000:function:nobody"))
    with pytest.raises(LocalCloudError, match=words):
        cloud.spend(name if threshold != 100 else "nobodys", threshold=threshold)
