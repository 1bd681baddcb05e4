"""`states:startExecution.sync` as on AWS: a child of its own that is stopped with its parent, and States.TaskFailed."""

from __future__ import annotations

import json
import time
from typing import Any

from ministack.services import stepfunctions

from localcloud.step_functions.running import abandoned

_PAUSE_SECONDS = 0.05


def register() -> None:
    stepfunctions._invoke_nested_start_execution_sync = start_and_wait


def start_and_wait(resource: str, arguments: dict[str, Any]) -> dict[str, Any]:
    """The child's DescribeExecution in the capitals of an integration; with `.sync:2` its Output is parsed.

    Raises States.TaskFailed with that description as the cause when the child fails, and StepFunctions' error when it
    cannot be started.
    """
    arn = _start(arguments)
    # The time of its end is set last: with only the status, output or cause may still be missing.
    while (child := stepfunctions._executions[arn])["stopDate"] is None:
        if abandoned():
            stepfunctions._stop_execution({"executionArn": arn, "cause": "The parent execution ended"})
        time.sleep(_PAUSE_SECONDS)
    described = _described(arn)
    if child["status"] != "SUCCEEDED":
        raise stepfunctions._ExecutionError("States.TaskFailed", json.dumps(described))
    if resource.endswith(".sync:2"):
        described["Output"] = json.loads(described["Output"])
    return described


def _start(arguments: dict[str, Any]) -> str:
    status, _, body = stepfunctions._start_execution(stepfunctions._nested_start_execution_request(arguments))
    answer = json.loads(body)
    if status >= 400:
        code = answer["__type"].removesuffix("Exception")
        raise stepfunctions._ExecutionError(f"StepFunctions.{code}Exception", answer.get("message", ""))
    return str(answer["executionArn"])


def _described(arn: str) -> dict[str, Any]:
    _, _, body = stepfunctions._describe_execution({"executionArn": arn})
    return {key[0].upper() + key[1:]: value for key, value in json.loads(body).items() if value is not None}
