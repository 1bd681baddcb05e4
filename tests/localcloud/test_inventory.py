"""Nothing can hide: what is created through any service is listed, and gone from the list when it is deleted."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable
from typing import Any

import pytest

from localcloud.client.process import LocalCloud

Client = Callable[[str], Any]
Kind = tuple[str, str, Callable[[Client, str], Any], Callable[[Client, str, Any], Any]]

TRUST = json.dumps({"Version": "2012-10-17", "Statement": []})
POLICY = json.dumps({"Version": "2012-10-17", "Statement": [{"Effect": "Deny", "Action": "*", "Resource": "*"}]})
MACHINE = json.dumps({"StartAt": "End", "States": {"End": {"Type": "Succeed"}}})


def code() -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("index.py", "def handler(event, context): return event")
    return buffer.getvalue()


def a_function(client: Client, name: str) -> None:
    client("lambda").create_function(
        FunctionName=name,
        Runtime="python3.13",
        Role="arn:aws:iam::000000000000:role/any",
        Handler="index.handler",
        Code={"ZipFile": code()},
    )


def a_layer(client: Client, name: str) -> Any:
    return client("lambda").publish_layer_version(LayerName=name, Content={"ZipFile": code()})["Version"]


def a_table(client: Client, name: str) -> None:
    client("dynamodb").create_table(
        TableName=name,
        BillingMode="PAY_PER_REQUEST",
        KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
    )


def an_alarm(client: Client, name: str) -> None:
    client("cloudwatch").put_metric_alarm(
        AlarmName=name,
        Namespace="n",
        MetricName="m",
        Period=60,
        EvaluationPeriods=1,
        Threshold=1,
        Statistic="Sum",
        ComparisonOperator="GreaterThanThreshold",
    )


def a_schedule(client: Client, name: str) -> None:
    client("scheduler").create_schedule(
        Name=name,
        ScheduleExpression="rate(1 days)",
        State="DISABLED",
        FlexibleTimeWindow={"Mode": "OFF"},
        Target={"Arn": "arn:aws:sqs:us-east-1:000000000000:q", "RoleArn": "arn:aws:iam::000000000000:role/any"},
    )


def a_stack(client: Client, name: str) -> None:
    template = json.dumps({"Resources": {"Queue": {"Type": "AWS::SQS::Queue"}}})
    client("cloudformation").create_stack(StackName=name, TemplateBody=template)
    client("cloudformation").get_waiter("stack_create_complete").wait(StackName=name)


def without_stack(client: Client, name: str) -> None:
    client("cloudformation").delete_stack(StackName=name)
    client("cloudformation").get_waiter("stack_delete_complete").wait(StackName=name)


KINDS: list[Kind] = [
    ("s3", "buckets", lambda c, n: c("s3").create_bucket(Bucket=n), lambda c, n, _: c("s3").delete_bucket(Bucket=n)),
    (
        "iam",
        "roles",
        lambda c, n: c("iam").create_role(RoleName=n, AssumeRolePolicyDocument=TRUST),
        lambda c, n, _: c("iam").delete_role(RoleName=n),
    ),
    (
        "iam",
        "policies",
        lambda c, n: c("iam").create_policy(PolicyName=n, PolicyDocument=POLICY)["Policy"]["Arn"],
        lambda c, _, arn: c("iam").delete_policy(PolicyArn=arn),
    ),
    ("lambda_svc", "functions", a_function, lambda c, n, _: c("lambda").delete_function(FunctionName=n)),
    (
        "lambda_svc",
        "layers",
        a_layer,
        lambda c, n, version: c("lambda").delete_layer_version(LayerName=n, VersionNumber=version),
    ),
    (
        "cloudwatch_logs",
        "log_groups",
        lambda c, n: c("logs").create_log_group(logGroupName=n),
        lambda c, n, _: c("logs").delete_log_group(logGroupName=n),
    ),
    ("dynamodb", "tables", a_table, lambda c, n, _: c("dynamodb").delete_table(TableName=n)),
    (
        "sns",
        "topics",
        lambda c, n: c("sns").create_topic(Name=n)["TopicArn"],
        lambda c, _, arn: c("sns").delete_topic(TopicArn=arn),
    ),
    (
        "sqs",
        "queues",
        lambda c, n: c("sqs").create_queue(QueueName=n)["QueueUrl"],
        lambda c, _, url: c("sqs").delete_queue(QueueUrl=url),
    ),
    ("cloudwatch", "alarms", an_alarm, lambda c, n, _: c("cloudwatch").delete_alarms(AlarmNames=[n])),
    (
        "cloudwatch",
        "dashboards",
        lambda c, n: c("cloudwatch").put_dashboard(DashboardName=n, DashboardBody='{"widgets": []}'),
        lambda c, n, _: c("cloudwatch").delete_dashboards(DashboardNames=[n]),
    ),
    (
        "ec2",
        "vpcs",
        lambda c, _: c("ec2").create_vpc(CidrBlock="10.9.0.0/16")["Vpc"]["VpcId"],
        lambda c, _, vpc: c("ec2").delete_vpc(VpcId=vpc),
    ),
    (
        "ec2",
        "addresses",
        lambda c, _: c("ec2").allocate_address(Domain="vpc")["AllocationId"],
        lambda c, _, address: c("ec2").release_address(AllocationId=address),
    ),
    (
        "efs",
        "file_systems",
        lambda c, n: c("efs").create_file_system(CreationToken=n)["FileSystemId"],
        lambda c, _, system: c("efs").delete_file_system(FileSystemId=system),
    ),
    (
        "cognito",
        "user_pools",
        lambda c, n: c("cognito-idp").create_user_pool(PoolName=n)["UserPool"]["Id"],
        lambda c, _, pool: c("cognito-idp").delete_user_pool(UserPoolId=pool),
    ),
    (
        "stepfunctions",
        "state_machines",
        lambda c, n: c("stepfunctions").create_state_machine(
            name=n, definition=MACHINE, roleArn="arn:aws:iam::000000000000:role/any"
        )["stateMachineArn"],
        lambda c, _, arn: c("stepfunctions").delete_state_machine(stateMachineArn=arn),
    ),
    ("scheduler", "schedules", a_schedule, lambda c, n, _: c("scheduler").delete_schedule(Name=n)),
    (
        "scheduler",
        "schedule_groups",
        lambda c, n: c("scheduler").create_schedule_group(Name=n),
        lambda c, n, _: c("scheduler").delete_schedule_group(Name=n),
    ),
    (
        "eventbridge",
        "rules",
        lambda c, n: c("events").put_rule(Name=n, ScheduleExpression="rate(1 day)", State="DISABLED"),
        lambda c, n, _: c("events").delete_rule(Name=n),
    ),
    (
        "ssm",
        "parameters",
        lambda c, n: c("ssm").put_parameter(Name=n, Value="v", Type="String"),
        lambda c, n, _: c("ssm").delete_parameter(Name=n),
    ),
    (
        "kms",
        "keys",
        lambda c, _: c("kms").create_key()["KeyMetadata"]["KeyId"],
        lambda c, _, key: c("kms").schedule_key_deletion(KeyId=key, PendingWindowInDays=7),
    ),
    ("cloudformation", "stacks", a_stack, lambda c, n, _: without_stack(c, n)),
]


@pytest.mark.parametrize(("service", "kind", "create", "delete"), KINDS, ids=[f"{kind[0]}-{kind[1]}" for kind in KINDS])
def test_a_resource_is_listed_from_its_creation_to_its_deletion(
    cloud: LocalCloud,
    client: Client,
    unique: Callable[[str], str],
    service: str,
    kind: str,
    create: Callable[[Client, str], Any],
    delete: Callable[[Client, str, Any], Any],
) -> None:
    def others() -> set[str]:
        return {r["id"] for r in cloud.inventory() if (r["service"], r["type"]) == (service, kind)}

    before = others()
    name = unique("inventory")
    created = create(client, name)
    assert len(others() - before) == 1
    delete(client, name, created)
    assert others() == before


def test_log_groups_that_lambda_makes_by_itself_are_listed(
    cloud: LocalCloud, client: Client, unique: Callable[[str], str]
) -> None:
    name = unique("talkative")
    a_function(client, name)
    client("lambda").get_waiter("function_active_v2").wait(FunctionName=name)
    client("lambda").invoke(FunctionName=name, Payload=b"{}")
    client("lambda").delete_function(FunctionName=name)
    group = {"service": "cloudwatch_logs", "type": "log_groups", "id": f"/aws/lambda/{name}"}
    assert group in cloud.inventory()
    client("logs").delete_log_group(logGroupName=group["id"])
    assert group not in cloud.inventory()


def test_resources_of_another_region_do_not_hide(cloud: LocalCloud, unique: Callable[[str], str]) -> None:
    import boto3

    keys = {"aws_access_key_id": "local", "aws_secret_access_key": "local"}
    far = boto3.client("sqs", endpoint_url=cloud.endpoint, region_name="eu-west-1", **keys)
    url = far.create_queue(QueueName=unique("far"))["QueueUrl"]
    assert any(url.rsplit("/", 1)[-1] in resource["id"] for resource in cloud.inventory())
    far.delete_queue(QueueUrl=url)
