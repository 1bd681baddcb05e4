"""Takes one step of teardown and says whether another one is needed."""

from __future__ import annotations

import time
from functools import cache
from typing import Any

import boto3
from aws_lambda_powertools import Logger, Metrics, Tracer
from aws_lambda_powertools.metrics import MetricUnit
from aws_lambda_powertools.utilities.typing import LambdaContext
from pydantic import StrictBool

from adapters.teardown.cloud import AwsCloud, Clients
from adapters.teardown.deadline import before_timeout
from adapters.teardown.environment import TeardownEnvironment
from domain.teardown.progress import Limits, Memory
from domain.teardown.step import Report, list_only, take_step
from domain.workflow.inputs import Payload, parse

logger = Logger()
tracer = Tracer()
metrics = Metrics()


class Variables(TeardownEnvironment):
    domain_id: str


class TeardownInput(Payload):
    """The execution's input: `{}`, or `{"dry_run": true}` to list and delete nothing."""

    dry_run: StrictBool = False


class StepInput(Payload):
    """`memory` is the former step's; `machine` is the state machine that asks, which is not stopped."""

    input: TeardownInput
    memory: Memory
    machine: str
    execution: str


@tracer.capture_lambda_handler
@metrics.log_metrics
@logger.inject_lambda_context(clear_state=True)
def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    """The step's `domain.teardown.step.Report` as JSON.

    Raises:
        InvalidInput: the execution's input has an unknown or malformed field; the message names it.
    """
    step = parse(StepInput, event)
    logger.append_keys(run_id=step.execution)
    variables = Variables.load()
    cloud = AwsCloud(_clients(), variables.scope(variables.domain_id, without_machine=step.machine))
    in_time = before_timeout(context.get_remaining_time_in_millis)
    if step.input.dry_run:
        report = list_only(cloud, Limits(), in_time)
    else:
        report = take_step(cloud, step.memory, time.time, Limits(), in_time)
    _record(report)
    return report.model_dump(mode="json")


def _record(report: Report) -> None:
    metrics.add_metric("TeardownLeft", MetricUnit.Count, report.left)
    metrics.add_metric("TeardownStuck", MetricUnit.Count, len(report.stuck))
    logger.info("teardown step", extra=report.model_dump(mode="json", exclude={"memory"}))


@cache
def _clients() -> Clients:
    return Clients.of_session(boto3.Session())
