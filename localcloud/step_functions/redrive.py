"""`RedriveExecution`: an execution that did not succeed goes on in the state where it ended.

https://docs.aws.amazon.com/step-functions/latest/dg/redrive-executions.html
https://docs.aws.amazon.com/step-functions/latest/apireference/API_RedriveExecution.html
ministack has no such operation. Here Map and Parallel are entered anew, with all their branches.
"""

from __future__ import annotations

import contextvars
import copy
import json
import threading
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from ministack import app
from ministack.core.responses import error_response_json, json_response, now_iso
from ministack.services import stepfunctions

from localcloud.step_functions.running import announce

REDRIVABLE_SECONDS = 14 * 86_400
MOST_EVENTS = 24_999
_UNSUCCESSFUL = ("FAILED", "TIMED_OUT", "ABORTED")
_STATES = ("_execute_task", "_execute_pass", "_execute_choice", "_execute_wait", "_execute_map", "_execute_parallel")


@dataclass
class _Point:
    """Where an execution stands: the state's name and input, and what is known of the execution by then."""

    states: dict[str, Any]
    name: str
    data: Any
    context: dict[str, Any]
    ended: float = 0.0


_POINTS: dict[str, _Point] = {}


def register() -> None:
    for name in _STATES:
        setattr(stepfunctions, name, _noting(getattr(stepfunctions, name)))
    stepfunctions._fail_state_error = _noting(stepfunctions._fail_state_error)
    stepfunctions._describe_execution = _telling_redrives(stepfunctions._describe_execution)
    stepfunctions._emit_execution_status_event = _noting_the_end(stepfunctions._emit_execution_status_event)
    handle = _with_redrive(stepfunctions.handle_request)
    for service, known in list(app.SERVICE_HANDLERS.items()):
        if known is stepfunctions.handle_request:
            app.SERVICE_HANDLERS[service] = handle
    stepfunctions.handle_request = handle


def _noting(execute: Callable[..., Any]) -> Callable[..., Any]:
    """Each state is told its own definition, its input and the context of the execution, in this order."""

    def noted(state: dict[str, Any], raw_input: Any, *more: Any) -> Any:
        context = more[-1]
        arn = context["Execution"]["Id"]
        states = _POINTS[arn].states if arn in _POINTS else _states_of(arn)
        if states.get(context["State"]["Name"]) == state or state.get("Type") == "Task":
            _POINTS[arn] = _Point(states, context["State"]["Name"], copy.deepcopy(raw_input), context)
        return execute(state, raw_input, *more)

    return noted


def _states_of(arn: str) -> dict[str, Any]:
    machine = stepfunctions._state_machines[stepfunctions._executions[arn]["stateMachineArn"]]
    return dict(json.loads(machine["definition"])["States"])


def _noting_the_end(emit: Callable[[dict[str, Any]], None]) -> Callable[[dict[str, Any]], None]:
    def noted(execution: dict[str, Any]) -> None:
        point = _POINTS.get(execution["executionArn"])
        if point is not None and execution["status"] != "RUNNING":
            point.ended = time.time()
        emit(execution)

    return noted


def _with_redrive(handle: Callable[..., Awaitable[Any]]) -> Callable[..., Awaitable[Any]]:
    async def handle_request(method: str, path: str, headers: Any, body: Any, query: Any) -> Any:
        if headers.get("x-amz-target", "").endswith(".RedriveExecution"):
            return stepfunctions._finalize_response(redrive_execution(json.loads(body)))
        return await handle(method, path, headers, body, query)

    return handle_request


def redrive_execution(data: dict[str, Any]) -> Any:
    """The answer at once; the execution goes on by itself. A refusal is ExecutionNotRedrivable, with the reason."""
    arn = data.get("executionArn", "")
    execution = stepfunctions._executions.get(arn)
    if execution is None:
        return error_response_json("ExecutionDoesNotExist", f"Execution does not exist: '{arn}'", 400)
    reason = _refusal(execution)
    if reason:
        return error_response_json("ExecutionNotRedrivable", reason, 400)
    now = now_iso()
    count = execution.get("redriveCount", 0) + 1
    execution.update(status="RUNNING", stopDate=None, output=None, error=None, cause=None)
    execution.update(redriveCount=count, redriveDate=now)
    details = {"executionRedrivenEventDetails": {"redriveCount": count}}
    stepfunctions._add_event(execution, "ExecutionRedriven", details)
    stepfunctions._emit_execution_status_event(execution)
    context = contextvars.copy_context()
    threading.Thread(target=context.run, args=(_announced, arn), daemon=True).start()
    return json_response({"redriveDate": now})


def _refusal(execution: dict[str, Any]) -> str:
    status, point = execution["status"], _POINTS.get(execution["executionArn"])
    if status not in _UNSUCCESSFUL:
        return f"Execution is {status} and cannot be redriven"
    if len(execution["events"]) >= MOST_EVENTS:
        return "Execution has exceeded the maximum event history count of 24,999 and cannot be redriven"
    if point is None or time.time() - point.ended > REDRIVABLE_SECONDS:
        return "Execution has exceeded the redrivable period of 14 days and cannot be redriven"
    return ""


def _announced(arn: str) -> None:
    announce(arn)
    _go_on(arn)


def _go_on(arn: str) -> None:
    execution, point = stepfunctions._executions[arn], _POINTS[arn]
    point.context["Execution"] |= {"RedriveCount": execution["redriveCount"], "RedriveTime": execution["redriveDate"]}
    try:
        output = _walk(execution, point)
    except stepfunctions._ExecutionError as error:
        stepfunctions._fail_execution(execution, error.error, error.cause)
        return
    except Exception as error:  # noqa: BLE001 - as ministack's own walk does: the execution ends, the server does not
        stepfunctions._fail_execution(execution, "States.Runtime", str(error))
        return
    if execution["status"] == "RUNNING":
        execution.update(status="SUCCEEDED", output=json.dumps(output), stopDate=now_iso())
        details = {"executionSucceededEventDetails": {"output": execution["output"]}}
        stepfunctions._add_event(execution, "ExecutionSucceeded", details)
        stepfunctions._emit_execution_status_event(execution)


def _walk(execution: dict[str, Any], point: _Point) -> Any:
    """As ministack's `_run_execution`, from a state other than the first. Gives the output."""
    name: str | None = point.name
    data, context, states = point.data, point.context, point.states
    while name and execution["status"] == "RUNNING":
        state = states[name]
        context["State"] = {"Name": name, "EnteredTime": now_iso(), "RetryCount": 0}
        kind = state["Type"]
        entered = {"stateEnteredEventDetails": {"name": name, "input": json.dumps(data)}}
        stepfunctions._add_event(execution, f"{kind}StateEntered", entered)
        if kind == "Fail":
            raise stepfunctions._ExecutionError(*stepfunctions._fail_state_error(state, data, context))
        if kind == "Succeed":
            data, following = stepfunctions._apply_output_path(state, data, context), None
        else:
            execute = getattr(stepfunctions, f"_execute_{kind.lower()}")
            more = (execution, context) if kind in ("Task", "Parallel", "Map") else (context,)
            data, following = execute(state, data, *more)
        left = {"stateExitedEventDetails": {"name": name, "output": json.dumps(data)}}
        stepfunctions._add_event(execution, f"{kind}StateExited", left)
        name = following
    return data


def _telling_redrives(describe: Callable[[dict[str, Any]], Any]) -> Callable[[dict[str, Any]], Any]:
    def describe_execution(data: dict[str, Any]) -> Any:
        status, headers, body = describe(data)
        execution = stepfunctions._executions.get(data.get("executionArn"))
        if status >= 400 or execution is None:
            return status, headers, body
        reason = _refusal(execution)
        told = {
            "redriveCount": execution.get("redriveCount", 0),
            "redriveStatus": "NOT_REDRIVABLE" if reason else "REDRIVABLE",
        }
        told |= {"redriveStatusReason": reason} if reason else {}
        told |= {"redriveDate": execution["redriveDate"]} if "redriveDate" in execution else {}
        return json_response({**json.loads(body), **told})

    return describe_execution
