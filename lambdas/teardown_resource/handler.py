"""CloudFormation's side of teardown: `on_event` starts it, `is_complete` is asked until nothing is left.

Both run behind CDK's provider framework, which reports an exception to CloudFormation as the resource's failure.
"""

from __future__ import annotations

import time
from contextlib import suppress
from typing import Any

from adapters.clients import client
from adapters.teardown.cloud import AwsCloud, Clients
from adapters.teardown.deadline import before_timeout
from adapters.teardown.environment import TeardownEnvironment
from adapters.teardown.stack import goes
from domain.errors import AwsError, ServiceUnavailable, TeardownIncomplete
from domain.teardown.plan import WORK, Kind
from domain.teardown.progress import Limits, Memory, Verdict
from domain.teardown.step import Report, take_step
from lambdas.shared.custom_resource import ResourceRequest
from lambdas.shared.entry import entry, logger, time_left

_EMPTY_AGAIN_AFTER, _HOPELESS_AGAIN_AFTER = 1.0, 5.0
"""Seconds before a look is repeated that found nothing left, for lists lag behind; or nothing to hope for, for a failed
delete of a stack costs people more than a pause."""
_HOPELESS_SECONDS = 120


class Variables(TeardownEnvironment):
    """`teardown_seconds`: how long CloudFormation's side waits; below the provider's total time-out of an hour, so that
    the left-overs are named before the framework merely says "timed out".

    The domain is not among them: the functions are there before it, lest a failure between the two keep its files.
    """

    teardown_seconds: int = 55 * 60


@entry(ResourceRequest, Variables)
def on_event(request: ResourceRequest, variables: Variables) -> dict[str, Any]:
    """Nothing to make; on Delete the first step. `Data` is handed on to `is_complete` by the framework."""
    if request.kind != "Delete":
        # The domain's id is part of it: a replaced domain makes CloudFormation delete this resource for the old one.
        part = request.properties.get("Part", request.properties["DomainId"])
        return {"PhysicalResourceId": f"teardown-{part}"}
    memory = Memory(started=time.time())
    data = {"StartedAt": memory.started, "HomeFileSystem": "", "Stack": ""}
    with suppress(AwsError):  # `is_complete` asks again
        data["Stack"] = _stack(request)
    if data["Stack"] == "goes":
        report = _step(request, variables, memory, Limits())
        data["HomeFileSystem"] = report.memory.home_file_system or ""
    return {"PhysicalResourceId": request.identity, "Data": data}


@entry(ResourceRequest, Variables)
def is_complete(request: ResourceRequest, variables: Variables) -> dict[str, bool]:
    """One more step.

    Raises:
        TeardownIncomplete: time is up, or nothing that is left can be deleted; the message names what is left.
    """
    if request.kind != "Delete":
        return {"IsComplete": True}
    try:
        stack = request.data.get("Stack") or _stack(request)
    except AwsError as error:
        return _unknown(request, variables, error)
    if stack == "stays":
        logger.warning("the stack lives on: nothing is torn down", extra={"stack": request.stack})
        return {"IsComplete": True}
    report = _look_twice(request, variables, _limits(variables.teardown_seconds))
    if report.verdict is Verdict.GAVE_UP:
        raise TeardownIncomplete(report.cause)
    return {"IsComplete": report.done}


def _look_twice(request: ResourceRequest, variables: Variables, limits: Limits) -> Report:
    """Emptiness takes two looks in a row, and only this invocation remembers the first; so does giving up. Without the
    time for a second look nothing is said yet, for the framework asks again."""
    in_time = before_timeout(time_left)
    memory = _memory(request)
    report = _step(request, variables, memory, limits)
    if not in_time() or not (report.left == 0 or report.verdict is Verdict.GAVE_UP):
        return report
    time.sleep(_EMPTY_AGAIN_AFTER if report.left == 0 else _HOPELESS_AGAIN_AFTER)
    return _step(request, variables, report.memory if report.left == 0 else memory, limits)


def _stack(request: ResourceRequest) -> str:
    """Whether the stack "goes" or "stays".

    Raises:
        AwsError: CloudFormation does not say.
    """
    return "goes" if goes(client("cloudformation"), request.stack) else "stays"


def _unknown(request: ResourceRequest, variables: Variables, why: AwsError) -> dict[str, bool]:
    """New permissions take a while to reach every service, and services recover.

    Raises:
        TeardownIncomplete: CloudFormation still does not say whether the stack goes.
    """
    patience = variables.teardown_seconds if isinstance(why, ServiceUnavailable) else _HOPELESS_SECONDS
    if time.time() - _started(request) < patience:
        return {"IsComplete": False}
    raise TeardownIncomplete(
        f"Teardown gave up. Left: stack {request.stack}: {why}. A stack that only changes keeps its domain, so nothing "
        f"was deleted. See that cloudformation:DescribeStacks is allowed and answers, then delete the stack again."
    )


def _started(request: ResourceRequest) -> float:
    return float(request.data.get("StartedAt") or time.time())


def _memory(request: ResourceRequest) -> Memory:
    """The framework hands on only what `on_event` returned, so progress is measured from the start."""
    started = _started(request)
    home = request.data.get("HomeFileSystem") or None
    return Memory(started=started, home_file_system=home, progress_at=started, hopeless_since=started)


def _limits(seconds: int) -> Limits:
    """CloudFormation takes a reason of at most 4 KB: few names, short reasons."""
    return Limits(no_progress=seconds, hopeless=_HOPELESS_SECONDS, total=seconds, names=12, reason=100)


def _step(request: ResourceRequest, variables: Variables, memory: Memory, limits: Limits) -> Report:
    domain = request.properties["DomainId"]
    scope, kinds = variables.scope(domain), _kinds(request)
    cloud = AwsCloud.within(time_left, Clients.made_by(client), scope, kinds)
    report = take_step(cloud, memory, time.time, limits, before_timeout(time_left))
    logger.info("teardown step", extra=report.model_dump(mode="json", exclude={"memory"}))
    return report


def _kinds(request: ResourceRequest) -> frozenset[Kind]:
    """`Part` "work": what runs. Else all of the stage with its domain."""
    return WORK if request.properties.get("Part") == "work" else frozenset(Kind)
