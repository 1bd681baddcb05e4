"""CloudFormation's side of teardown: `on_event` starts it, `is_complete` is asked until nothing is left.

Both run behind CDK's provider framework, which reports an exception to CloudFormation as the resource's failure.
"""

from __future__ import annotations

import time
from functools import cache
from typing import Any

import boto3
from aws_lambda_powertools import Logger, Tracer
from aws_lambda_powertools.utilities.typing import LambdaContext

from adapters.teardown.cloud import AwsCloud, Clients
from adapters.teardown.deadline import before_timeout
from adapters.teardown.environment import TeardownEnvironment
from domain.errors import TeardownIncomplete
from domain.teardown.progress import Limits, Memory, Verdict
from domain.teardown.step import Report, take_step

logger = Logger()
tracer = Tracer()

_SECOND_OPINION_AFTER = 5.0
"""Seconds before a hopeless look is repeated: a failed delete of a stack costs people more than a pause."""


class Variables(TeardownEnvironment):
    """`teardown_seconds`: how long CloudFormation's side waits; below the provider's total time-out of an hour, so that
    the left-overs are named before the framework merely says "timed out"."""

    teardown_seconds: int = 55 * 60


@tracer.capture_lambda_handler
@logger.inject_lambda_context(clear_state=True)
def on_event(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    """Nothing to make; on Delete the first step. `Data` is handed on to `is_complete` by the framework."""
    domain_id = event["ResourceProperties"]["DomainId"]
    if event["RequestType"] != "Delete":
        # The domain's id is part of it: a replaced domain makes CloudFormation delete this resource for the old one.
        return {"PhysicalResourceId": f"teardown-{domain_id}"}
    memory = Memory(started=time.time())
    report = _step(event, context, memory, Limits())
    data = {"StartedAt": memory.started, "HomeFileSystem": report.memory.home_file_system or ""}
    return {"PhysicalResourceId": event["PhysicalResourceId"], "Data": data}


@tracer.capture_lambda_handler
@logger.inject_lambda_context(clear_state=True)
def is_complete(event: dict[str, Any], context: LambdaContext) -> dict[str, bool]:
    """One more step.

    Raises:
        TeardownIncomplete: time is up, or nothing that is left can be deleted; the message names what is left.
    """
    if event["RequestType"] != "Delete":
        return {"IsComplete": True}
    limits = _limits(Variables.load().teardown_seconds)
    report = _step(event, context, _memory(event), limits)
    if report.left == 0:
        # Emptiness takes two looks in a row, and only this invocation remembers the first.
        report = _step(event, context, report.memory, limits)
    elif report.verdict is Verdict.GAVE_UP:
        time.sleep(_SECOND_OPINION_AFTER)
        report = _step(event, context, _memory(event), limits)
    if report.verdict is Verdict.GAVE_UP:
        raise TeardownIncomplete(report.cause)
    return {"IsComplete": report.done}


def _memory(event: dict[str, Any]) -> Memory:
    """The framework hands on only what `on_event` returned, so progress is measured from the start."""
    data = event.get("Data", {})
    started = float(data.get("StartedAt") or time.time())
    home = data.get("HomeFileSystem") or None
    return Memory(started=started, home_file_system=home, progress_at=started, hopeless_since=started)


def _limits(seconds: int) -> Limits:
    """CloudFormation takes a reason of at most 4 KB: few names, short reasons."""
    return Limits(no_progress=seconds, hopeless=120, total=seconds, names=12, reason=100)


def _step(event: dict[str, Any], context: LambdaContext, memory: Memory, limits: Limits) -> Report:
    logger.append_keys(run_id=event.get("StackId", ""))
    scope = Variables.load().scope(event["ResourceProperties"]["DomainId"])
    in_time = before_timeout(context.get_remaining_time_in_millis)
    report = take_step(AwsCloud(_clients(), scope), memory, time.time, limits, in_time)
    logger.info("teardown step", extra=report.model_dump(mode="json", exclude={"memory"}))
    return report


@cache
def _clients() -> Clients:
    return Clients.of_session(boto3.Session())
