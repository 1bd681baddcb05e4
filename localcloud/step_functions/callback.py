"""`lambda:invoke.waitForTaskToken` as on AWS: the function's error fails the task, and a closed task's token is gone.

ministack swallows the function's error, and keeps the token of an execution that was stopped.
"""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable
from typing import Any

from ministack.services import stepfunctions

from localcloud.step_functions import tokens
from localcloud.step_functions.running import stopped

_FUNCTION = "arn:aws:states:::lambda:invoke"
_PAUSE_SECONDS = 0.05

Invoke = Callable[[str, Any, str, dict[str, Any]], Any]


def register() -> None:
    stepfunctions._invoke_with_callback = _for_functions(stepfunctions._invoke_with_callback)


def _for_functions(others: Invoke) -> Invoke:
    def invoke(resource: str, arguments: Any, token: str, state: dict[str, Any]) -> Any:
        if not resource.startswith(_FUNCTION):
            return others(resource, arguments, token, state)
        answered = threading.Event()
        stepfunctions._task_tokens[token] = {"event": answered, "result": None, "error": None, "heartbeat": None}
        tokens.remember(token)
        deadline = time.monotonic() + state.get("TimeoutSeconds", 99_999_999)
        try:
            stepfunctions._invoke_resource(_FUNCTION, arguments)
            _wait(answered, deadline)
            return _answer(stepfunctions._task_tokens[token])
        finally:
            stepfunctions._task_tokens.pop(token, None)

    return invoke


def _wait(answered: threading.Event, deadline: float) -> None:
    while not answered.wait(_PAUSE_SECONDS):
        if stopped():
            raise stepfunctions._ExecutionError("States.TaskFailed", "The execution was stopped")
        if time.monotonic() > deadline:
            raise stepfunctions._ExecutionError("States.Timeout", "")


def _answer(info: dict[str, Any]) -> Any:
    if info["error"]:
        raise stepfunctions._ExecutionError(info["error"]["Error"], info["error"]["Cause"])
    return json.loads(info["result"])
