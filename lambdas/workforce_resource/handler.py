"""CloudFormation's workforce: adopts the one that exists, creates it otherwise, deletes only what it created."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from typing import Any

from adapters.clients import client
from adapters.environment import Environment
from adapters.workforce import SignInClient, Workforces
from domain.errors import AccessDenied, RequestRefused
from domain.workforce.keeper import Keeper
from domain.workforce.model import ADOPTED, REFUSED, Team, Wanted, WorkforceConflict, physical_id
from lambdas.shared.custom_resource import ResourceRequest
from lambdas.shared.entry import entry, logger, time_left
from lambdas.shared.inviting import invite_new

_RESERVE = 30_000
"""Milliseconds before the function's time-out at which waiting ends, so that a reason can still be given."""


class Variables(Environment):
    stage: str
    project_tag: str


@entry(ResourceRequest, Variables)
def on_event(request: ResourceRequest, variables: Variables) -> dict[str, Any]:
    """`Data`: WorkforceName, WorkforceArn, PortalDomain and Adopted ("true" or "false").

    With the property `Workteam` the workteam is made here too, and an account that refuses either has the stack all the
    same: then `WorkteamArn` is "refused", and `GroundTruth` says why in place of the portal's address.

    Raises:
        WorkforceConflict: the existing workforce uses another user pool.
        WorkforceInUse: others need the workforce, and with it this stack's pool; neither is deleted.
        WorkforceNotReady: the workforce did not become active, or did not go, in time.
    """
    workforces = Workforces(client("sagemaker"), variables.project_tag)
    sign_in = SignInClient(client("cognito-idp"))
    keeper, looks = Keeper(workforces, sign_in, variables.stage), _looks(time_left)
    wanted = _wanted(request.properties)
    had_none = request.kind == "Create" or request.identity.startswith(REFUSED)
    if request.kind == "Delete":
        outcome = "there was none" if had_none else keeper.remove(request.identity, wanted, looks)
        logger.info("workforce", extra={"resource": request.identity, "outcome": outcome})
        return {"PhysicalResourceId": request.identity}
    try:
        workforce, how, team = keeper.provide(wanted, looks)
    except (AccessDenied, RequestRefused, WorkforceConflict) as error:
        if wanted.team is None or not had_none:
            raise
        return _without(wanted, str(error), invite_new(request, sign_in))
    invited = invite_new(request, sign_in)
    logger.info("workforce", extra={"resource": workforce.name, "outcome": how, "invited": invited})
    return {
        "PhysicalResourceId": physical_id(how, workforce.name),
        "Data": {
            "WorkforceName": workforce.name,
            "WorkforceArn": workforce.arn,
            "PortalDomain": workforce.portal,
            "Adopted": str(how == ADOPTED).lower(),
            "WorkteamArn": team,
            "GroundTruth": f"https://{workforce.portal}",
        },
    }


def _without(wanted: Wanted, reason: str, invited: int) -> dict[str, Any]:
    """CloudFormation takes 4 KB of answer."""
    logger.warning("no workforce", extra={"reason": reason, "invited": invited})
    data = {"WorkforceName": "", "WorkforceArn": "", "PortalDomain": "", "Adopted": "false", "WorkteamArn": REFUSED}
    told = f"none, for {reason[:1_000]}"
    return {"PhysicalResourceId": physical_id(REFUSED, wanted.name), "Data": {**data, "GroundTruth": told}}


def _wanted(properties: dict[str, Any]) -> Wanted:
    return Wanted(
        name=properties["WorkforceName"],
        user_pool=properties["UserPoolId"],
        client=properties["ClientId"],
        source_ips=tuple(properties.get("SourceIps", [])),
        team=_team(properties.get("Workteam")),
    )


def _team(given: dict[str, str] | None) -> Team | None:
    return Team(given["Name"], given["Group"], given["TopicArn"], given["Description"]) if given else None


def _looks(remaining: Callable[[], int]) -> Iterator[None]:
    """One look at once, then with pauses growing from 1 to 10 seconds, until the function's time is nearly over."""
    pause = 1.0
    while True:
        yield
        if remaining() < _RESERVE + pause * 1000:
            return
        time.sleep(pause)
        pause = min(10.0, pause * 2)
