"""CloudFormation's workforce: adopts the one that exists, creates it otherwise, deletes only what it created."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from functools import cache
from typing import Any

import boto3
from aws_lambda_powertools import Logger, Tracer
from aws_lambda_powertools.utilities.typing import LambdaContext
from botocore.config import Config

from adapters.environment import Environment
from adapters.workforce import SignInClient, Workforces
from domain.workforce.keeper import Keeper
from domain.workforce.model import ADOPTED, Wanted, physical_id

logger = Logger()
tracer = Tracer()

_RESERVE = 30_000
"""Milliseconds before the function's time-out at which waiting ends, so that a reason can still be given."""


class Variables(Environment):
    stage: str
    project_tag: str = "kempelen:stage"


@tracer.capture_lambda_handler
@logger.inject_lambda_context(clear_state=True)
def on_event(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    """`Data`: WorkforceName, WorkforceArn, PortalDomain and Adopted ("true" or "false").

    Raises:
        WorkforceConflict: the existing workforce uses another user pool.
        WorkforceNotReady: the workforce did not become active, or did not go, in time.
    """
    logger.append_keys(run_id=event.get("StackId", ""))
    looks = _looks(context.get_remaining_time_in_millis)
    keeper = _keeper(Variables.load())
    if event["RequestType"] == "Delete":
        identity = event["PhysicalResourceId"]
        logger.info("workforce", extra={"resource": identity, "outcome": keeper.remove(identity, looks)})
        return {"PhysicalResourceId": identity}
    workforce, how = keeper.provide(_wanted(event["ResourceProperties"]), looks)
    logger.info("workforce", extra={"resource": workforce.name, "outcome": how})
    return {
        "PhysicalResourceId": physical_id(how, workforce.name),
        "Data": {
            "WorkforceName": workforce.name,
            "WorkforceArn": workforce.arn,
            "PortalDomain": workforce.portal,
            "Adopted": str(how == ADOPTED).lower(),
        },
    }


def _wanted(properties: dict[str, Any]) -> Wanted:
    return Wanted(
        name=properties["WorkforceName"],
        user_pool=properties["UserPoolId"],
        client=properties["ClientId"],
        source_ips=tuple(properties.get("SourceIps", [])),
    )


def _looks(remaining: Callable[[], int]) -> Iterator[None]:
    """One look at once, then with pauses growing from 1 to 10 seconds, until the function's time is nearly over."""
    pause = 1.0
    while True:
        yield
        if remaining() < _RESERVE + pause * 1000:
            return
        time.sleep(pause)
        pause = min(10.0, pause * 2)


def _keeper(variables: Variables) -> Keeper:
    sagemaker, cognito = _clients()
    return Keeper(Workforces(sagemaker, variables.project_tag), SignInClient(cognito), variables.stage)


@cache
def _clients() -> tuple[Any, Any]:
    config = Config(connect_timeout=3, read_timeout=15, retries={"mode": "standard", "max_attempts": 3})
    session = boto3.Session()
    return session.client("sagemaker", config=config), session.client("cognito-idp", config=config)
