"""EventBridge Scheduler: its context attributes and what it refuses, both of which ministack passes over.

https://docs.aws.amazon.com/scheduler/latest/UserGuide/managing-schedule-context-attributes.html
https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

from ministack.services import eventbridge, scheduler
from ministack.services.cloudformation import provisioners

_NAME = re.compile(r"[0-9a-zA-Z-_.]{1,64}")
_RATE = re.compile(r"rate\(([1-9]\d*) (minute|hour|day)s?\)")
_CRON = re.compile(r"cron\((\S+) (\S+) (\S+) (\S+) (\S+) (\S+)\)")
_AT = re.compile(r"at\((\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)\)")
_TYPE = "AWS::Scheduler::Schedule"


def register() -> None:
    _fill_in_attributes()
    scheduler._create_schedule = _checked(scheduler._create_schedule)
    scheduler._update_schedule = _checked(scheduler._update_schedule)
    _fail_stacks()


def problem(name: str, expression: str) -> str | None:
    """What EventBridge Scheduler says of a name or an expression that it does not take."""
    if not _NAME.fullmatch(name):
        return (
            f"1 validation error detected: Value '{name}' at 'name' failed to satisfy constraint: "
            f"Member must satisfy regular expression pattern: ^{_NAME.pattern}$"
        )
    return None if _is_schedule(expression) else f"Invalid Schedule Expression {expression}."


def _is_schedule(expression: str) -> bool:
    if at := _AT.fullmatch(expression):
        try:
            datetime.fromisoformat(at[1])
        except ValueError:
            return False
        return True
    if cron := _CRON.fullmatch(expression):
        day_of_month, day_of_week = cron[3], cron[5]
        return (day_of_month == "?") != (day_of_week == "?")
    return bool(_RATE.fullmatch(expression))


def _checked(handle: Callable[[str, dict[str, Any]], Any]) -> Callable[[str, dict[str, Any]], Any]:
    def checked(name: str, body: dict[str, Any]) -> Any:
        reason = problem(name, body.get("ScheduleExpression", ""))
        return scheduler._error(400, "ValidationException", reason) if reason else handle(name, body)

    return checked


def _fail_stacks() -> None:
    """ministack's CloudFormation does not look at the answer, so a stack with a bad schedule would deploy."""
    handler = provisioners._RESOURCE_HANDLERS[_TYPE]
    create, update = handler["create"], handler.get("update")

    def check(properties: dict[str, Any]) -> None:
        if reason := problem(properties.get("Name", "any"), properties.get("ScheduleExpression", "")):
            raise ValueError(f"{reason} (Service: Scheduler, Status Code: 400)")

    def create_schedule(logical_id: str, properties: dict[str, Any], stack: str) -> Any:
        check(properties)
        return create(logical_id, properties, stack)

    handler["create"] = create_schedule
    if update is not None:

        def update_schedule(identity: str, old: dict[str, Any], new: dict[str, Any], *rest: Any, **named: Any) -> Any:
            check(new)
            return update(identity, old, new, *rest, **named)

        handler["update"] = update_schedule


def _fill_in_attributes() -> None:
    """Before a schedule's target is called."""
    invoke = eventbridge._invoke_target

    def invoke_target(target: dict[str, Any], event: dict[str, Any], rule: dict[str, Any], view: Any = None) -> Any:
        if event.get("Source") == "aws.scheduler" and "Input" in target:
            target = {**target, "Input": _filled(target["Input"], rule, float(event["Time"]))}
        return invoke(target, event, rule, view)

    eventbridge._invoke_target = invoke_target


def _filled(text: str, schedule: dict[str, Any], fired: float) -> str:
    """A one-time schedule's time is its own; that of a recurring one is when it fired, less than a second later."""
    time = scheduler._at_time_epoch(schedule.get("ScheduleExpression", "")) or fired
    attributes = {
        "schedule-arn": schedule.get("Arn", ""),
        "scheduled-time": f"{datetime.fromtimestamp(time, UTC):%Y-%m-%dT%H:%M:%SZ}",
        "execution-id": str(uuid4()),
        "attempt-number": "1",
    }
    for name, value in attributes.items():
        text = text.replace(f"<aws.scheduler.{name}>", value)
    return text
