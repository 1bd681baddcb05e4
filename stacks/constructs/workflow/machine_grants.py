"""What a state machine's role needs for what its definition names, as Step Functions documents each integration."""

from __future__ import annotations

from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_sns as sns
from aws_cdk import aws_stepfunctions as sfn
from constructs import Construct

from stacks.constructs.shared.access import Permission, arn, pass_role, use_key
from stacks.naming import Names

_WATCH = ("DescribeRule", "PutRule", "PutTargets")


def call_function(function: lambda_.IFunction) -> list[Permission]:
    return [Permission("lambda", ["InvokeFunction"], [function.function_arn])]


def notify(topic: sns.ITopic, key: kms.IKey | None) -> list[Permission]:
    return [Permission("sns", ["Publish"], [topic.topic_arn]), *use_key(key)]


def run_processing_jobs(scope: Construct, names: Names, job_role: iam.IRole) -> list[Permission]:
    """For `sagemaker:createProcessingJob.sync`: jobs by name prefix, and the rule by which Step Functions waits."""
    jobs = [arn(scope, "sagemaker", f"processing-job/{names.job_prefix}*")]
    actions = ["AddTags", "CreateProcessingJob", "DescribeProcessingJob", "ListTags", "StopProcessingJob"]
    return [
        Permission("sagemaker", actions, jobs, "A job's name holds data set and run; the stage's prefix is exact."),
        pass_role(job_role, "sagemaker.amazonaws.com"),
        _watch(scope, "StepFunctionsGetEventsForSageMakerProcessingJobsRule"),
    ]


def run_machine(scope: Construct, machine: sfn.IStateMachine, name: str) -> list[Permission]:
    """For `states:startExecution.sync:2`: this machine, its executions, and the rule by which Step Functions waits."""
    executions = [arn(scope, "states", f"execution:{name}:*")]
    why = "An execution's name is given when it starts; the machine is exact."
    return [
        Permission("states", ["StartExecution"], [machine.state_machine_arn]),
        Permission("states", ["DescribeExecution", "StopExecution"], executions, why),
        _watch(scope, "StepFunctionsGetEventsForStepFunctionsExecutionRule"),
    ]


def _watch(scope: Construct, rule: str) -> Permission:
    return Permission("events", _WATCH, [arn(scope, "events", f"rule/{rule}")])
