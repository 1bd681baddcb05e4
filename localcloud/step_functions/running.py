"""What a synchronous task must know: whether the state that waits for it is still waiting."""

from __future__ import annotations

import contextvars
import json
import threading
from collections.abc import Callable
from typing import Any

from ministack.services import stepfunctions

_EXECUTION: contextvars.ContextVar[str | None] = contextvars.ContextVar("execution", default=None)
_TIMED_OUT: contextvars.ContextVar[threading.Event | None] = contextvars.ContextVar("timed_out", default=None)


def register() -> None:
    stepfunctions._run_execution = _announcing(stepfunctions._run_execution)
    stepfunctions._invoke_resource_with_timeout = _flagging_timeout(stepfunctions._invoke_resource_with_timeout)
    stepfunctions._fail_execution = _only_running(stepfunctions._fail_execution)
    stepfunctions._start_execution = _idempotent(stepfunctions._start_execution)


def abandoned() -> bool:
    """Whether the execution of this task was stopped, or its state timed out: then .sync stops what it started."""
    timed_out = _TIMED_OUT.get()
    return bool(timed_out and timed_out.is_set()) or stopped()


def stopped() -> bool:
    """Whether the execution of this task was stopped."""
    execution = stepfunctions._executions.get(_EXECUTION.get())
    return bool(execution and execution["status"] != "RUNNING")


def announce(arn: str) -> None:
    """The thread that calls runs this execution."""
    _EXECUTION.set(arn)
    _TIMED_OUT.set(None)


def machine() -> str:
    """The ARN of the state machine whose execution this thread runs."""
    execution = stepfunctions._executions.get(_EXECUTION.get()) or {}
    return str(execution.get("stateMachineArn", "*"))


def _announcing(run: Callable[[str], None]) -> Callable[[str], None]:
    def run_execution(arn: str) -> None:
        announce(arn)
        run(arn)

    return run_execution


def _flagging_timeout(invoke: Callable[..., Any]) -> Callable[..., Any]:
    def invoke_with_timeout(resource: str, data: Any, timeout: Any) -> Any:
        flag = threading.Event()
        _TIMED_OUT.set(flag)
        try:
            return invoke(resource, data, timeout)
        finally:
            flag.set()

    return invoke_with_timeout


def _only_running(fail: Callable[..., None]) -> Callable[..., None]:
    """A stopped execution stays ABORTED, even when its task fails afterwards; a failed one has no output."""

    def fail_execution(execution: dict[str, Any], error: str, cause: str) -> None:
        if execution["status"] == "RUNNING":
            failed = {**execution}
            fail(failed, error, cause)
            execution.update({**failed, "output": None})  # at once: nobody may see half of it

    return fail_execution


def _idempotent(start: Callable[[dict[str, Any]], Any]) -> Callable[[dict[str, Any]], Any]:
    """StartExecution with the name and the input of a running execution answers with that execution."""

    def start_execution(data: dict[str, Any]) -> Any:
        machine = data.get("stateMachineArn", "")
        arn = f"{machine.replace(':stateMachine:', ':execution:')}:{data.get('name')}"
        running = stepfunctions._executions.get(arn)
        same = running and running["status"] == "RUNNING" and running["input"] == data.get("input", "{}")
        if running and same:
            answer = {"executionArn": arn, "startDate": running["startDate"]}
            return 200, {"Content-Type": "application/x-amz-json-1.0"}, json.dumps(answer).encode()
        return start(data)

    return start_execution
