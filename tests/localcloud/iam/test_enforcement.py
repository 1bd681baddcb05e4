"""With IAM on, what the policies do not allow fails as on AWS, and nothing else does."""

from __future__ import annotations

import json
import time
from typing import Any

import pytest
import urllib3

from tests.localcloud.iam.conftest import ACCOUNT, Guarded, refused

TOPIC = "arn:aws:sns:us-east-1:000000000000:topic"
CALLS_S3 = """
import boto3
def handle(event, context):
    boto3.client("s3").put_object(Bucket=event["bucket"], Key="made", Body=b"by a function")
    return "made"
"""


def test_a_right_that_is_taken_away_fails_that_call_and_no_other(guarded: Guarded) -> None:
    objects = f"arn:aws:s3:::{guarded.bucket}/*"
    role = guarded.role((["s3:GetObject", "s3:PutObject"], objects))
    s3 = guarded.as_role(role, "s3")
    s3.put_object(Bucket=guarded.bucket, Key="own", Body=b"1")
    guarded.allow(role, ("s3:GetObject", objects))
    code, message = refused(lambda: s3.put_object(Bucket=guarded.bucket, Key="own", Body=b"2"))
    name = role.rsplit("/", 1)[-1]
    assert (code, message) == (
        "AccessDenied",
        f"User: arn:aws:sts::{ACCOUNT}:assumed-role/{name}/test is not authorized to perform: s3:PutObject on "
        f"resource: arn:aws:s3:::{guarded.bucket}/own because no identity-based policy allows the s3:PutObject action",
    )
    assert s3.get_object(Bucket=guarded.bucket, Key="own")["Body"].read() == b"1", "and nothing was written"


def test_another_stage_s_role_cannot_read_the_bucket(guarded: Guarded) -> None:
    foreign = guarded.as_role(guarded.role((["s3:GetObject", "s3:ListBucket"], "arn:aws:s3:::kempelen-prod*")), "s3")
    assert refused(lambda: foreign.get_object(Bucket=guarded.bucket, Key="there"))[0] == "AccessDenied"
    assert refused(lambda: foreign.list_objects_v2(Bucket=guarded.bucket))[0] == "AccessDenied"
    assert refused(lambda: foreign.head_object(Bucket=guarded.bucket, Key="there"))[0] == "403"


def test_the_administrator_may_do_everything(guarded: Guarded) -> None:
    assert guarded.client("s3").get_object(Bucket=guarded.bucket, Key="there")["Body"].read() == b"it is"


def test_a_listing_may_be_limited_to_a_prefix(guarded: Guarded) -> None:
    role = guarded.role()
    document = {
        "Version": "2012-10-17",
        "Statement": {
            "Effect": "Allow",
            "Action": "s3:ListBucket",
            "Resource": f"arn:aws:s3:::{guarded.bucket}",
            "Condition": {"StringLike": {"s3:prefix": "raw/*"}},
        },
    }
    guarded.client("iam").put_role_policy(
        RoleName=role.rsplit("/", 1)[-1], PolicyName="rights", PolicyDocument=json.dumps(document)
    )
    s3 = guarded.as_role(role, "s3")
    s3.list_objects_v2(Bucket=guarded.bucket, Prefix="raw/faces/")
    for other in ({"Prefix": "labels/"}, {}):
        assert refused(lambda other=other: s3.list_objects_v2(Bucket=guarded.bucket, **other))[0] == "AccessDenied"


@pytest.mark.parametrize(
    ("service", "code", "call", "told"),
    [
        ("cloudwatch", "AccessDenied", lambda it: it.put_metric_data(Namespace="N"), "cloudwatch:PutMetricData"),
        ("dynamodb", "AccessDenied", lambda it: it.get_item(TableName="t", Key={"k": {"S": "a"}}), ":table/t"),
        ("ec2", "UnauthorizedOperation", lambda it: it.delete_security_group(GroupId="sg-1"), "security-group/sg-1"),
        ("sagemaker", "AccessDenied", lambda it: it.list_domains(), "sagemaker:ListDomains on resource: *"),
        ("scheduler", "AccessDenied", lambda it: it.delete_schedule(Name="n", GroupName="g"), ":schedule/g/n"),
        ("sns", "AuthorizationError", lambda it: it.publish(TopicArn=TOPIC, Message="m"), TOPIC),
        ("stepfunctions", "AccessDenied", lambda it: it.list_state_machines(), "states:ListStateMachines"),
    ],
)
def test_each_service_refuses_in_its_own_words(guarded: Guarded, service: str, code: str, call: Any, told: str) -> None:
    client = guarded.as_role(guarded.role(("s3:GetObject", "*")), service)
    found, message = refused(lambda: call(client))
    assert found.removesuffix("Exception") == code
    assert "is not authorized to perform: " in message
    assert told in message


def test_a_transaction_asks_for_each_of_its_parts(guarded: Guarded) -> None:
    table = "arn:aws:dynamodb:us-east-1:000000000000:table/ledger"
    check = {"TableName": "ledger", "Key": {"k": {"S": "b"}}, "ConditionExpression": "attribute_exists(k)"}
    items = [{"Put": {"TableName": "ledger", "Item": {"k": {"S": "a"}}}}, {"ConditionCheck": check}]
    client = guarded.as_role(guarded.role(("dynamodb:PutItem", table)), "dynamodb")
    code, message = refused(lambda: client.transact_write_items(TransactItems=items))
    assert code == "AccessDeniedException"
    assert f"dynamodb:ConditionCheckItem on resource: {table}" in message


def processing_job(role: str, bucket: str) -> dict[str, Any]:
    return {
        "ProcessingJobName": "kempelen-dev-job",
        "RoleArn": role,
        "AppSpecification": {"ImageUri": "image", "ContainerEntrypoint": ["python3", "-c", "pass"]},
        "ProcessingResources": {
            "ClusterConfig": {"InstanceCount": 1, "InstanceType": "ml.t3.medium", "VolumeSizeInGB": 1}
        },
        "Tags": [{"Key": "kempelen:stage", "Value": "dev"}],
    }


def test_another_role_than_the_one_that_may_be_passed_is_refused(guarded: Guarded) -> None:
    own = guarded.role(trusts="sagemaker.amazonaws.com")
    other = guarded.role(trusts="sagemaker.amazonaws.com")
    create = ["sagemaker:CreateProcessingJob", "sagemaker:AddTags"]
    caller = guarded.role((create, "*"), ("iam:PassRole", own))
    sagemaker = guarded.as_role(caller, "sagemaker")
    code, message = refused(lambda: sagemaker.create_processing_job(**processing_job(other, guarded.bucket)))
    assert code == "AccessDeniedException"
    assert f"is not authorized to perform: iam:PassRole on resource: {other}" in message
    sagemaker.create_processing_job(**processing_job(own, guarded.bucket))


def test_tags_at_creation_are_a_right_of_their_own(guarded: Guarded) -> None:
    own = guarded.role(trusts="sagemaker.amazonaws.com")
    caller = guarded.role(("sagemaker:CreateProcessingJob", "*"), ("iam:PassRole", own))
    sagemaker = guarded.as_role(caller, "sagemaker")
    _, message = refused(lambda: sagemaker.create_processing_job(**processing_job(own, guarded.bucket)))
    assert (
        "sagemaker:AddTags on resource: arn:aws:sagemaker:us-east-1:000000000000:processing-job/kempelen-dev-job"
        in message
    )


def test_a_function_has_the_rights_of_its_own_role(guarded: Guarded) -> None:
    may = guarded.role(("s3:PutObject", f"arn:aws:s3:::{guarded.bucket}/made"))
    functions = guarded.client("lambda")
    event = json.dumps({"bucket": guarded.bucket})
    answer = functions.invoke(FunctionName=guarded.function(may, CALLS_S3), Payload=event)
    assert json.loads(answer["Payload"].read()) == "made"
    answer = functions.invoke(FunctionName=guarded.function(guarded.role(), CALLS_S3), Payload=event)
    failure = json.loads(answer["Payload"].read())
    assert failure["errorMessage"].startswith("An error occurred (AccessDenied) when calling the PutObject operation")


def test_a_task_fails_with_the_name_of_the_service_s_error(guarded: Guarded) -> None:
    function = guarded.function(guarded.role(), "def handle(event, context): return 'ran'")
    for resource, arguments, error in (
        ("lambda:invoke", {"FunctionName": function, "Payload": {}}, "Lambda.AWSLambdaException"),
        ("aws-sdk:sagemaker:listDomains", {}, "SageMaker.SageMakerException"),
        (
            "sagemaker:createProcessingJob.sync",
            processing_job(guarded.role(trusts="sagemaker.amazonaws.com"), guarded.bucket),
            "States.TaskFailed",
        ),
    ):
        ended = run(guarded, guarded.role(trusts="states.amazonaws.com"), resource, arguments)
        assert (ended["status"], ended["error"]) == ("FAILED", error)
        assert "is not authorized to perform: " in ended["cause"]


def test_a_task_runs_by_the_role_of_its_machine(guarded: Guarded) -> None:
    function = guarded.function(guarded.role(), "def handle(event, context): return 'ran'")
    role = guarded.role(("lambda:InvokeFunction", function), trusts="states.amazonaws.com")
    ended = run(guarded, role, "lambda:invoke", {"FunctionName": function, "Payload": {}})
    assert ended["status"] == "SUCCEEDED", ended
    assert ("states", "lambda:InvokeFunction", role) in {(r.by, r.action, r.principal) for r in guarded.requests()}


def test_a_function_may_wake_only_executions_of_machines_that_it_may(guarded: Guarded) -> None:
    wakes = """
import boto3
def handle(event, context):
    boto3.client("stepfunctions").send_task_success(taskToken=event["token"], output='"woken"')
"""
    arguments = {"Payload": {"token": "{% $states.context.Task.Token %}"}}
    ended = []
    for on in ("stateMachine:waits-*", "stateMachine:others"):
        function = guarded.function(
            guarded.role(("states:SendTaskSuccess", f"arn:aws:states:us-east-1:{ACCOUNT}:{on}")), wakes
        )
        role = guarded.role(("lambda:InvokeFunction", function), trusts="states.amazonaws.com")
        task = "lambda:invoke.waitForTaskToken"
        ended.append(run(guarded, role, task, {**arguments, "FunctionName": function}, name="waits"))
    assert [one["status"] for one in ended] == ["SUCCEEDED", "FAILED"]
    machines = f"arn:aws:states:us-east-1:{ACCOUNT}:stateMachine:waits-"
    assert "(AccessDeniedException) when calling the SendTaskSuccess operation" in ended[1]["cause"]
    assert f"states:SendTaskSuccess on resource: {machines}" in ended[1]["cause"]


def test_a_machine_whose_role_does_not_trust_step_functions_does_not_run(guarded: Guarded) -> None:
    ended = run(guarded, guarded.role(trusts="lambda.amazonaws.com"), "aws-sdk:sagemaker:listDomains", {})
    assert ended["status"] == "FAILED"
    assert "authorized to assume the provided role" in ended["cause"]


def run(guarded: Guarded, role: str, resource: str, arguments: dict[str, Any], name: str = "machine") -> dict[str, Any]:
    states = guarded.client("stepfunctions")
    task = {"Type": "Task", "Resource": f"arn:aws:states:::{resource}", "Arguments": arguments, "End": True}
    definition = {"QueryLanguage": "JSONata", "StartAt": "Task", "States": {"Task": task}}
    unique = f"{name}-{time.monotonic_ns()}"
    machine = states.create_state_machine(name=unique, definition=json.dumps(definition), roleArn=role)
    execution = states.start_execution(stateMachineArn=machine["stateMachineArn"])["executionArn"]
    deadline = time.monotonic() + 60
    while (found := dict(states.describe_execution(executionArn=execution)))["status"] == "RUNNING":
        assert time.monotonic() < deadline
        time.sleep(0.05)
    return found


def test_a_rule_calls_a_function_only_with_its_permission(guarded: Guarded) -> None:
    writes = guarded.role(("s3:PutObject", f"arn:aws:s3:::{guarded.bucket}/*"))
    code = CALLS_S3.replace('event["bucket"]', f'"{guarded.bucket}"').replace('"made"', 'event["source"]')
    events, functions = guarded.client("events"), guarded.client("lambda")
    for name in ("stranger", "known"):
        function = guarded.function(writes, code)
        rule = events.put_rule(Name=name, EventPattern=json.dumps({"source": [f"test.{name}"]}))["RuleArn"]
        events.put_targets(Rule=name, Targets=[{"Id": "1", "Arn": function}])
        if name == "known":
            functions.add_permission(
                FunctionName=function, StatementId="rule", Action="lambda:InvokeFunction",
                Principal="events.amazonaws.com", SourceArn=rule,
            )  # fmt: skip
        events.put_events(Entries=[{"Source": f"test.{name}", "DetailType": "any", "Detail": "{}"}])
    s3 = guarded.client("s3")
    deadline = time.monotonic() + 30
    while not (
        keys := [one["Key"] for one in s3.list_objects_v2(Bucket=guarded.bucket, Prefix="test.").get("Contents", [])]
    ):
        assert time.monotonic() < deadline
        time.sleep(0.1)
    assert keys == ["test.known"]


def test_a_presigned_address_has_the_rights_of_the_function_that_made_it(guarded: Guarded) -> None:
    code = """
import boto3
def handle(event, context):
    return boto3.client("s3").generate_presigned_url("get_object", Params={"Bucket": event["bucket"], "Key": "there"})
"""
    may, may_not = guarded.role(("s3:GetObject", f"arn:aws:s3:::{guarded.bucket}/*")), guarded.role()
    answers = []
    for role in (may, may_not):
        event = json.dumps({"bucket": guarded.bucket})
        made = guarded.client("lambda").invoke(FunctionName=guarded.function(role, code), Payload=event)
        answers.append(urllib3.request("GET", json.loads(made["Payload"].read())))
    assert [answer.status for answer in answers] == [200, 403]
    assert answers[0].data == b"it is"
    assert b"AccessDenied" in answers[1].data


def test_a_key_of_one_s_own_is_asked_for_by_whoever_reads_and_writes(guarded: Guarded) -> None:
    key = guarded.client("kms").create_key()["KeyMetadata"]["Arn"]
    s3, bucket = guarded.client("s3"), f"{guarded.bucket}-key"
    s3.create_bucket(Bucket=bucket)
    rule = {
        "ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": key},
        "BucketKeyEnabled": True,
    }
    s3.put_bucket_encryption(Bucket=bucket, ServerSideEncryptionConfiguration={"Rules": [rule]})
    role = guarded.role((["s3:GetObject", "s3:PutObject"], f"arn:aws:s3:::{bucket}/*"), ("kms:GenerateDataKey", key))
    own = guarded.as_role(role, "s3")
    own.put_object(Bucket=bucket, Key="secret", Body=b"1")
    _, message = refused(lambda: own.get_object(Bucket=bucket, Key="secret"))
    assert f"is not authorized to perform: kms:Decrypt on resource: {key}" in message
    (noted,) = [one for one in guarded.requests() if one.principal == role and one.action == "kms:Decrypt"]
    assert noted.context["kms:ViaService"] == "s3.us-east-1.amazonaws.com"
    assert noted.context["kms:EncryptionContext:aws:s3:arn"] == f"arn:aws:s3:::{bucket}"
