"""CDK's framework for custom resources, with the house's logs and its findings acknowledged."""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

from aws_cdk import Duration
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_stepfunctions as sfn
from aws_cdk import custom_resources as cr
from constructs import Construct

from stacks.constructs.shared.log_groups import LogGroups
from stacks.nag import acknowledge, resource_finding

_BASIC_EXECUTION = "Policy::arn:<AWS::Partition>:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole"


@dataclass(frozen=True)
class Waiting:
    """For a resource that takes longer than a Lambda function may run. `total_timeout` is at most an hour."""

    is_complete: lambda_.Function
    query_interval: Duration
    total_timeout: Duration


def provider(
    scope: Construct, *, logs: LogGroups, on_event: lambda_.Function, waiting: Waiting | None = None
) -> cr.Provider:
    """CDK's framework around our function, with logs as all others have them."""
    made = cr.Provider(
        scope,
        "Provider",
        on_event_handler=on_event,
        is_complete_handler=waiting.is_complete if waiting else None,
        query_interval=waiting.query_interval if waiting else None,
        total_timeout=waiting.total_timeout if waiting else None,
        disable_waiter_state_machine_logging=False if waiting else None,
        waiter_state_machine_log_options=_waiter_logs(scope, logs) if waiting else None,
        log_group=logs.make(scope, "FrameworkLogs"),
        provider_function_env_encryption=logs.key,
    )
    _acknowledge(made, [on_event, *([waiting.is_complete] if waiting else [])], has_waiter=waiting is not None)
    return made


def _waiter_logs(scope: Construct, logs: LogGroups) -> cr.LogOptions:
    return cr.LogOptions(destination=logs.make(scope, "WaiterLogs"), level=sfn.LogLevel.ALL)


def _acknowledge(made: cr.Provider, handlers: list[lambda_.Function], *, has_waiter: bool) -> None:
    called = list(handlers)
    if has_waiter:
        parts = ("framework-isComplete", "framework-onTimeout")
        called += [cast(lambda_.Function, made.node.find_child(part)) for part in parts]
    findings = [resource_finding(made, f"{function.function_arn}:*") for function in called]
    if has_waiter:
        findings.append("Resource::*")
        acknowledge(made, "SF2", "CDK's framework cannot trace its waiting; its functions and ours are logged.")
    acknowledge(made, "IAM5", "CDK's framework calls every version of its handlers.", findings=findings)
    acknowledge(made, "IAM4", "CDK's framework writes logs by AWS's own policy for that.", findings=[_BASIC_EXECUTION])
