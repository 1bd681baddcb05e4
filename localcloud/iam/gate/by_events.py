"""EventBridge: a rule's targets and a schedule's. What is refused there nobody is told, as on AWS: it does not happen.

https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-use-resource-based.html
https://docs.aws.amazon.com/scheduler/latest/UserGuide/cross-service-confused-deputy-prevention.html: the source is the
schedule's group.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ministack.services import eventbridge

from localcloud.iam.gate import callers
from localcloud.iam.gate.judge import Judge
from localcloud.iam.gate.refusals import DeniedError
from localcloud.iam.gate.resources import arn
from localcloud.iam.requests import ContextValue
from localcloud.sagemaker.store import ACCOUNT

_ACTIONS = {
    "events": "events:PutEvents",
    "lambda": "lambda:InvokeFunction",
    "sns": "sns:Publish",
    "sqs": "sqs:SendMessage",
    "states": "states:StartExecution",
}

Invoke = Callable[..., Any]


def register(judge: Judge) -> None:
    eventbridge._invoke_target = _asking(eventbridge._invoke_target, judge)


def _asking(invoke: Invoke, judge: Judge) -> Invoke:
    def invoke_target(target: dict[str, Any], event: dict[str, Any], rule: dict[str, Any], view: Any = None) -> Any:
        of_schedule = event.get("Source") == "aws.scheduler"
        try:
            _check(judge, target, rule, "scheduler" if of_schedule else "events")
        except DeniedError:
            return None  # the log has it
        with callers.calling(None):
            return invoke(target, event, rule, view)

    return invoke_target


def _check(judge: Judge, target: dict[str, Any], rule: dict[str, Any], by: str) -> None:
    service = callers.of_service(f"{by}.amazonaws.com")
    source: dict[str, ContextValue] = {"aws:SourceAccount": ACCOUNT, "aws:SourceArn": _source(rule, by)}
    on = target.get("Arn", "")
    action = _ACTIONS.get(on.split(":")[2]) if on.count(":") > 4 else None
    if action is None:
        return
    if role := target.get("RoleArn"):
        judge.check_action(service, "sts:AssumeRole", role, source, "sts:AssumeRole")
        judge.check_action(callers.of_role(role, by, by), action, on, {}, action)
    else:
        judge.check_action(service, action, on, source, action)


def _source(rule: dict[str, Any], by: str) -> str:
    if by == "scheduler":
        return arn("scheduler", f"schedule-group/{rule.get('GroupName') or 'default'}")
    return str(rule.get("Arn", ""))
