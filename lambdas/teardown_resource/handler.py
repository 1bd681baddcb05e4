"""CloudFormation's side of teardown: `on_event` starts it, `is_complete` is asked until nothing is left.

Both run behind CDK's provider framework, which reports an exception to CloudFormation as the resource's failure.
"""

from __future__ import annotations

import time
from typing import Any

from adapters.clients import client
from adapters.teardown.cloud import AwsCloud, Clients
from adapters.teardown.deadline import before_timeout
from adapters.teardown.environment import TeardownEnvironment
from domain.errors import TeardownIncomplete
from domain.teardown.plan import STUDIO, WORK, Kind
from domain.teardown.progress import Limits, Memory, Verdict
from domain.teardown.step import Report, take_step
from lambdas.shared.custom_resource import ResourceRequest
from lambdas.shared.entry import entry, logger, time_left

_SECOND_OPINION_AFTER = 5.0
"""Seconds before a hopeless look is repeated: a failed delete of a stack costs people more than a pause."""


class Variables(TeardownEnvironment):
    """`domain_id`: the stage's domain as it is now. `teardown_seconds`: how long CloudFormation's side waits; below the
    provider's total time-out of an hour, so that the left-overs are named before the framework merely says "timed out".
    """

    domain_id: str
    teardown_seconds: int = 55 * 60


@entry(ResourceRequest, Variables)
def on_event(request: ResourceRequest, variables: Variables) -> dict[str, Any]:
    """Nothing to make; on Delete the first step. `Data` is handed on to `is_complete` by the framework."""
    if request.kind != "Delete":
        # The domain's id is part of it: a replaced domain makes CloudFormation delete this resource for the old one.
        part = request.properties.get("Part", request.properties["DomainId"])
        return {"PhysicalResourceId": f"teardown-{part}"}
    memory = Memory(started=time.time())
    report = _step(request, variables, memory, Limits())
    data = {"StartedAt": memory.started, "HomeFileSystem": report.memory.home_file_system or ""}
    return {"PhysicalResourceId": request.identity, "Data": data}


@entry(ResourceRequest, Variables)
def is_complete(request: ResourceRequest, variables: Variables) -> dict[str, bool]:
    """One more step.

    Raises:
        TeardownIncomplete: time is up, or nothing that is left can be deleted; the message names what is left.
    """
    if request.kind != "Delete":
        return {"IsComplete": True}
    limits = _limits(variables.teardown_seconds)
    report = _step(request, variables, _memory(request), limits)
    if report.left == 0:
        # Emptiness takes two looks in a row, and only this invocation remembers the first.
        report = _step(request, variables, report.memory, limits)
    elif report.verdict is Verdict.GAVE_UP:
        time.sleep(_SECOND_OPINION_AFTER)
        report = _step(request, variables, _memory(request), limits)
    if report.verdict is Verdict.GAVE_UP:
        raise TeardownIncomplete(report.cause)
    return {"IsComplete": report.done}


def _memory(request: ResourceRequest) -> Memory:
    """The framework hands on only what `on_event` returned, so progress is measured from the start."""
    started = float(request.data.get("StartedAt") or time.time())
    home = request.data.get("HomeFileSystem") or None
    return Memory(started=started, home_file_system=home, progress_at=started, hopeless_since=started)


def _limits(seconds: int) -> Limits:
    """CloudFormation takes a reason of at most 4 KB: few names, short reasons."""
    return Limits(no_progress=seconds, hopeless=120, total=seconds, names=12, reason=100)


def _step(request: ResourceRequest, variables: Variables, memory: Memory, limits: Limits) -> Report:
    domain = request.properties["DomainId"]
    cloud = AwsCloud(Clients.made_by(client), variables.scope(domain), _kinds(request, variables))
    report = take_step(cloud, memory, time.time, limits, before_timeout(time_left))
    logger.info("teardown step", extra=report.model_dump(mode="json", exclude={"memory"}))
    return report


def _kinds(request: ResourceRequest, variables: Variables) -> frozenset[Kind]:
    """`Part` "work": what runs. Else all of the stage with its own domain, or what hangs on one that was replaced."""
    if request.properties.get("Part") == "work":
        return WORK
    return frozenset(Kind) if request.properties["DomainId"] == variables.domain_id else STUDIO
