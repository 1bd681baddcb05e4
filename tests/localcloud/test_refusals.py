"""What AWS refuses, the local cloud refuses: with AWS's error, at the same call."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.localcloud.studio import refusal

ROLE = "arn:aws:iam::000000000000:role/any"
LARGE = 262_144


@pytest.fixture
def states(client) -> Any:
    return client("stepfunctions")


@pytest.fixture
def machine(states: Any, unique: Callable[[str], str]) -> Callable[..., str]:
    """A machine of one state; its ARN."""

    def make(**state: Any) -> str:
        given = {"Type": "Pass", "End": True, **state}
        definition = {"QueryLanguage": "JSONata", "StartAt": "One", "States": {"One": given}}
        made = states.create_state_machine(name=unique("machine"), definition=json.dumps(definition), roleArn=ROLE)
        return str(made["stateMachineArn"])

    return make


@pytest.fixture
def ended(states: Any, until: Callable[..., Any]) -> Callable[[str], dict[str, Any]]:
    def wait(arn: str) -> dict[str, Any]:
        return dict(until(lambda: states.describe_execution(executionArn=arn), lambda e: e["status"] != "RUNNING"))

    return wait


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"input": "{"}, "InvalidExecutionInput"),
        ({"input": ""}, "InvalidExecutionInput"),
        ({"input": json.dumps("é" * (LARGE // 2), ensure_ascii=False)}, "ValidationException"),
        ({"name": "two words"}, "InvalidName"),
        ({"name": "a/b"}, "InvalidName"),
        ({"name": "a:b"}, "InvalidName"),
        ({"name": "tab\t"}, "InvalidName"),
        ({"name": "next\u0085line"}, "InvalidName"),
    ],
)
def test_an_execution_is_not_started(
    states: Any, machine: Callable[..., str], given: dict[str, str], code: str
) -> None:
    assert refusal(states.start_execution, stateMachineArn=machine(), **given)[0] == code


@pytest.mark.parametrize("name", ["a", "it's(1)!", "é" * 80, "x" * 80])
def test_names_that_aws_takes_are_taken(
    states: Any, machine: Callable[..., str], ended: Callable[[str], dict[str, Any]], name: str
) -> None:
    largest = json.dumps("x" * (LARGE - 2))
    arn = states.start_execution(stateMachineArn=machine(), name=name, input=largest)["executionArn"]
    assert ended(arn)["output"] == largest


def test_an_output_beyond_256_kib_ends_the_execution(
    states: Any, machine: Callable[..., str], ended: Callable[[str], dict[str, Any]]
) -> None:
    for characters, status in ((LARGE - 2, "SUCCEEDED"), (LARGE, "FAILED")):
        arn = machine(Output=f"{{% $pad('', {characters}, 'x') %}}")
        found = ended(states.start_execution(stateMachineArn=arn)["executionArn"])
        assert (found["status"], found.get("error")) == (
            status,
            None if status == "SUCCEEDED" else "States.DataLimitExceeded",
        )


HANDLER = """
import os, signal
def handler(event, context):
    marker = event.get("marker")
    if marker and not os.path.exists(marker):
        open(marker, "w").close()
        os.kill(os.getpid(), signal.SIGKILL)
    return "x" * event["characters"]
"""


@pytest.fixture(scope="module")
def function(client) -> Iterator[str]:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        archive.writestr("index.py", HANDLER)
    name = "refusals"
    client("lambda").create_function(
        FunctionName=name,
        Runtime="python3.14",
        Role=ROLE,
        Handler="index.handler",
        Code={"ZipFile": content.getvalue()},
    )
    yield name
    client("lambda").delete_function(FunctionName=name)


def invoked(client: Any, function: str, **event: Any) -> tuple[str | None, Any]:
    answer = client("lambda").invoke(FunctionName=function, Payload=json.dumps(event))
    return answer.get("FunctionError"), json.loads(answer["Payload"].read())


def test_a_killed_function_is_an_exit_error_and_its_next_call_works(client, function, tmp_path) -> None:
    error, body = invoked(client, function, marker=str(tmp_path / "killed"), characters=1)
    assert (error, body["errorType"]) == ("Unhandled", "Runtime.ExitError")
    assert invoked(client, function, marker=str(tmp_path / "killed"), characters=1) == (None, "x")


def test_a_killed_function_is_retried_by_its_error(states, machine, ended, function, tmp_path) -> None:
    retry = [{"ErrorEquals": ["Runtime.ExitError"], "IntervalSeconds": 1, "MaxAttempts": 1}]
    arguments = {"FunctionName": function, "Payload": {"marker": str(tmp_path / "killed"), "characters": 1}}
    arn = machine(Type="Task", Resource="arn:aws:states:::lambda:invoke", Arguments=arguments, Retry=retry)
    assert ended(states.start_execution(stateMachineArn=arn)["executionArn"])["status"] == "SUCCEEDED"
    assert (tmp_path / "killed").exists()


def test_an_answer_beyond_6_mb_is_refused_and_one_beyond_256_kib_by_step_functions(
    client, states, machine, ended, function
) -> None:
    assert invoked(client, function, characters=6_291_554) == (None, "x" * 6_291_554)
    error, body = invoked(client, function, characters=6_291_555)
    assert (error, body["errorType"]) == ("Unhandled", "Function.ResponseSizeTooLarge")
    arguments = {"FunctionName": function, "Payload": {"characters": LARGE}}
    arn = machine(Type="Task", Resource="arn:aws:states:::lambda:invoke", Arguments=arguments)
    assert ended(states.start_execution(stateMachineArn=arn)["executionArn"])["error"] == "States.DataLimitExceeded"


TARGET = {"Arn": "arn:aws:lambda:us-east-1:000000000000:function:any", "RoleArn": ROLE}
SCHEDULE = {"FlexibleTimeWindow": {"Mode": "OFF"}, "Target": TARGET}


@pytest.mark.parametrize(
    "expression",
    [
        "rate(5 bananas)",
        "rate(0 minutes)",
        "rate(minutes)",
        "cron(0 10 * * * *)",
        "cron(0 10 * *)",
        "at(2026-13-01T00:00:00)",
        "at(tomorrow)",
        "every day",
    ],
)
def test_a_schedule_that_means_nothing_is_refused_and_its_stack_fails(
    client, until, unique: Callable[[str], str], expression: str
) -> None:
    request = {"Name": unique("schedule"), "ScheduleExpression": expression, **SCHEDULE}
    assert refusal(client("scheduler").create_schedule, **request)[0] == "ValidationException"
    properties = {"ScheduleExpression": expression, **SCHEDULE}
    template = {"Resources": {"Tick": {"Type": "AWS::Scheduler::Schedule", "Properties": properties}}}
    stack = unique("stack")
    cloudformation = client("cloudformation")
    cloudformation.create_stack(StackName=stack, TemplateBody=json.dumps(template), OnFailure="DO_NOTHING")
    status = until(
        lambda: cloudformation.describe_stacks(StackName=stack)["Stacks"][0]["StackStatus"],
        lambda status: status not in ("CREATE_IN_PROGRESS", "ROLLBACK_IN_PROGRESS"),
    )
    assert status in ("CREATE_FAILED", "ROLLBACK_COMPLETE")
    events = cloudformation.describe_stack_events(StackName=stack)["StackEvents"]
    assert any(expression in event.get("ResourceStatusReason", "") for event in events)


@pytest.mark.parametrize(
    "expression", ["rate(15 minutes)", "rate(1 hour)", "cron(0 10 ? * MON-FRI *)", "cron(0 10 1 * ? 2027)"]
)
def test_a_schedule_that_aws_takes_is_taken(client, unique: Callable[[str], str], expression: str) -> None:
    name = unique("schedule")
    client("scheduler").create_schedule(Name=name, ScheduleExpression=expression, **SCHEDULE)
    client("scheduler").delete_schedule(Name=name)


def test_a_key_beyond_1024_bytes_is_too_long(client, unique: Callable[[str], str]) -> None:
    bucket, s3 = unique("bucket"), client("s3")
    s3.create_bucket(Bucket=bucket)
    s3.put_object(Bucket=bucket, Key="é" * 512, Body=b"")
    assert refusal(s3.put_object, Bucket=bucket, Key="é" * 512 + "x", Body=b"")[0] == "KeyTooLongError"


def test_tags_of_aws_are_not_for_others(client) -> None:
    arn = "arn:aws:sagemaker:us-east-1:000000000000:domain/d-any"
    code, message = refusal(client("sagemaker").add_tags, ResourceArn=arn, Tags=[{"Key": "AWS:owner", "Value": "me"}])
    assert (code, "AWS:owner" in message) == ("ValidationException", True)


def test_a_pool_with_address_aliases_takes_no_address_as_user_name(client, unique: Callable[[str], str]) -> None:
    cognito = client("cognito-idp")
    for options, taken in (({"AliasAttributes": ["email"]}, False), ({"UsernameAttributes": ["email"]}, True)):
        pool = cognito.create_user_pool(PoolName=unique("pool"), **options)["UserPool"]["Id"]
        request = {"UserPoolId": pool, "Username": "a@example.com", "MessageAction": "SUPPRESS"}
        if taken:
            cognito.admin_create_user(**request)
        else:
            code, message = refusal(cognito.admin_create_user, **request)
            assert (code, "email alias" in message) == ("InvalidParameterException", True)
        cognito.delete_user_pool(UserPoolId=pool)


@pytest.mark.parametrize("word", ["aws", "Amazon", "cognito"])
def test_a_sign_in_domain_holds_no_name_of_aws(client, unique: Callable[[str], str], word: str) -> None:
    cognito = client("cognito-idp")
    pool = cognito.create_user_pool(PoolName=unique("pool"))["UserPool"]["Id"]
    request = {"UserPoolId": pool, "Domain": f"my-{word}-labels".lower()}
    assert refusal(cognito.create_user_pool_domain, **request)[0] == "InvalidParameterException"
    cognito.create_user_pool_domain(UserPoolId=pool, Domain=unique("labels"))
    cognito.delete_user_pool(UserPoolId=pool)
