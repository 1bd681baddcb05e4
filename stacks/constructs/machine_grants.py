"""What a state machine's role needs for what its definition names; Step Functions' own documentation lists them by integration."""

from __future__ import annotations

from collections.abc import Callable

from aws_cdk import aws_iam as iam
from aws_cdk import aws_stepfunctions as sfn
from constructs import Construct

from stacks.constructs.statements import allow, arn, pass_role
from stacks.naming import Names

_WATCH = ("DescribeRule", "PutRule", "PutTargets")
Grant = Callable[[iam.Role], object]


def run_processing_jobs(scope: Construct, names: Names, job_role: iam.IRole) -> Grant:
    """For `sagemaker:createProcessingJob.sync`: jobs by name prefix, and the events rule by which Step Functions waits."""
    jobs = [arn(scope, "sagemaker", f"processing-job/{names.job_prefix}*")]
    actions = ["AddTags", "CreateProcessingJob", "DescribeProcessingJob", "ListTags", "StopProcessingJob"]
    rule = arn(scope, "events", "rule/StepFunctionsGetEventsForSageMakerProcessingJobsRule")
    statements = [
        allow("sagemaker", actions, jobs),
        pass_role(job_role.role_arn, "sagemaker.amazonaws.com"),
        allow("events", _WATCH, [rule]),
    ]
    return _add(statements)


def run_machine(scope: Construct, names: Names, machine: sfn.StateMachine, part: str) -> Grant:
    """For `states:startExecution.sync:2`: this machine, its executions, and the events rule by which Step Functions waits."""
    executions = arn(scope, "states", f"execution:{names.machine(part)}:*")
    rule = arn(scope, "events", "rule/StepFunctionsGetEventsForStepFunctionsExecutionRule")
    statements = [
        allow("states", ["StartExecution"], [machine.state_machine_arn]),
        allow("states", ["DescribeExecution", "StopExecution"], [executions]),
        allow("events", _WATCH, [rule]),
    ]
    return _add(statements)


def _add(statements: list[iam.PolicyStatement]) -> Grant:
    def grant(role: iam.Role) -> None:
        for statement in statements:
            role.add_to_policy(statement)

    return grant
