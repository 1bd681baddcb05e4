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
from domain.errors import AwsError, RequestRefused, ServiceUnavailable
from domain.teardown_errors import ResourceInUse
from domain.workforce import (
    ADOPTED,
    CREATED,
    Wanted,
    Workforce,
    WorkforceNotReady,
    check_fits,
    created_name,
    foreign_teams,
    origin,
    physical_id,
    same_ips,
)

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
    looks = _looks(context.get_remaining_time_in_millis)
    keeper = Keeper(Variables.load())
    if event["RequestType"] == "Delete":
        keeper.remove(event["PhysicalResourceId"], looks)
        return {"PhysicalResourceId": event["PhysicalResourceId"]}
    workforce, how = keeper.provide(_wanted(event["ResourceProperties"]), looks)
    return {
        "PhysicalResourceId": physical_id(how, workforce.name),
        "Data": {
            "WorkforceName": workforce.name,
            "WorkforceArn": workforce.arn,
            "PortalDomain": workforce.portal,
            "Adopted": str(how == ADOPTED).lower(),
        },
    }


class Keeper:
    """Provides and removes the workforce of one stage; `looks` yields as often as there is time to look again."""

    def __init__(self, variables: Variables) -> None:
        self._stage = variables.stage
        sagemaker, cognito = _clients()
        self._workforces = Workforces(sagemaker, variables.project_tag)
        self._sign_in = SignInClient(cognito)

    def provide(self, wanted: Wanted, looks: Iterator[None]) -> tuple[Workforce, str]:
        """The active workforce, and whether it was created or adopted."""
        workforce = self._settled(looks)
        if workforce is not None:
            return self._ready(workforce, wanted, looks)
        try:
            self._workforces.create(wanted, self._stage)
        except (RequestRefused, ResourceInUse, ServiceUnavailable) as error:
            # The answer to an earlier attempt may have been lost, or someone was quicker: what exists decides.
            if self._workforces.current() is None:
                raise
            logger.warning("create_workforce failed although a workforce exists now", extra={"reason": str(error)})
        try:
            return self._ready(self._created(looks), wanted, looks)
        except Exception:
            # CloudFormation never learns the id of a resource whose creation failed, so it would never delete it.
            self._undo(wanted.name)
            raise

    def remove(self, identity: str, looks: Iterator[None]) -> None:
        """Delete the workforce that this stage created, unless other people's workteams live in it."""
        name = created_name(identity)
        if name is None:
            logger.info("the workforce was not created by this stack: it stays", extra={"resource": identity})
            return
        reason = "it is being deleted"
        for _ in looks:
            workforce = self._workforces.current()
            if workforce is None or workforce.name != name or origin(workforce, self._stage) != CREATED:
                return
            teams = self._workforces.teams(workforce)
            if foreign_teams(teams, self._stage):
                logger.warning("the workforce stays: workteams that are not ours use it", extra={"workteams": teams})
                return
            reason = f"workteams remain: {', '.join(teams)}" if teams else self._delete(workforce)
        raise WorkforceNotReady(f"workforce {name!r} could not be deleted in time: {reason}")

    def _delete(self, workforce: Workforce) -> str:
        if workforce.status == "Deleting":
            return "it is still Deleting"
        try:
            self._workforces.delete(workforce.name)
        except (ResourceInUse, ServiceUnavailable, RequestRefused) as error:
            return str(error)
        return "it was asked to go"

    def _ready(self, workforce: Workforce, wanted: Wanted, looks: Iterator[None]) -> tuple[Workforce, str]:
        check_fits(workforce, wanted)
        how = origin(workforce, self._stage)
        if how == CREATED:
            if not same_ips(workforce.source_ips, wanted.source_ips):
                self._workforces.restrict(workforce.name, wanted.source_ips)
                workforce = self._settled(looks) or workforce
            self._sign_in.return_to(workforce.portal, wanted.user_pool, wanted.client)
        return workforce, how

    def _created(self, looks: Iterator[None]) -> Workforce:
        """The new workforce once it is settled; lists may show it late."""
        for _ in looks:
            workforce = self._workforces.current()
            if workforce is not None and workforce.settled:
                return workforce
        raise WorkforceNotReady("the new workforce was not active at the end of the function's time; deploy again")

    def _settled(self, looks: Iterator[None]) -> Workforce | None:
        """The workforce once its state does not change by itself any more; None when there is none."""
        workforce = None
        for _ in looks:
            workforce = self._workforces.current()
            if workforce is None or workforce.settled:
                return workforce
        state = workforce.status if workforce else "unknown"
        raise WorkforceNotReady(f"the workforce is still {state} at the end of the function's time; deploy again")

    def _undo(self, name: str) -> None:
        try:
            workforce = self._workforces.current()
            if workforce and workforce.name == name and origin(workforce, self._stage) == CREATED:
                self._workforces.delete(name)
        except AwsError as error:
            logger.error(
                "the workforce of the failed creation is left", extra={"workforce": name, "reason": str(error)}
            )


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


@cache
def _clients() -> tuple[Any, Any]:
    config = Config(connect_timeout=3, read_timeout=15, retries={"mode": "standard", "max_attempts": 3})
    session = boto3.Session()
    return session.client("sagemaker", config=config), session.client("cognito-idp", config=config)
