"""EventBridge Scheduler's context attributes, which ministack hands on as they are written.

https://docs.aws.amazon.com/scheduler/latest/UserGuide/managing-schedule-context-attributes.html
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

from ministack.services import eventbridge, scheduler


def register() -> None:
    """Fill the attributes in before a schedule's target is called."""
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
