"""Runs state machines on the local cloud's own interpreter, with every task's answer scripted.

Runs in .venv-localcloud, as a process: reads one JSON document from standard input, writes one to standard output.
Waiting takes no time; what would have been waited is recorded. See `machines.py` for the other side.
"""

from __future__ import annotations

import contextvars
import json
import os
import sys
import time
import types
from typing import Any

os.environ.setdefault("LOG_LEVEL", "CRITICAL")

from ministack.services import stepfunctions

from localcloud.step_functions import language, nested, running

STATE: contextvars.ContextVar[str] = contextvars.ContextVar("state")


class Case:
    """One execution's script and what was seen of it."""

    def __init__(self, script: dict[str, list[dict[str, Any]]]) -> None:
        self.script = script
        self.calls: list[dict[str, Any]] = []
        self.waits: list[float] = []

    def answer(self, resource: str, arguments: Any) -> Any:
        state = STATE.get()
        done = sum(call["state"] == state for call in self.calls)
        responses = self.script.get(state)
        if responses is None:
            raise AssertionError(f"no response is scripted for {state}")
        response = responses[min(done, len(responses) - 1)]
        self.calls.append({"state": state, "resource": resource, "arguments": arguments, "failed": "error" in response})
        if "error" in response:
            raise stepfunctions._ExecutionError(response["error"], response.get("cause", ""))
        if resource.endswith("lambda:invoke"):
            return {"StatusCode": 200, "Payload": response["return"]}
        return response["return"]


def patch(case: Case) -> None:
    def invoke(resource: str, arguments: Any) -> Any:
        nesting = "startExecution" in resource and STATE.get() not in case.script
        return nested.start_and_wait(resource, arguments) if nesting else case.answer(resource, arguments)

    def wait(resource: str, arguments: Any, _token: str, _state: Any) -> Any:
        if resource.endswith(":sendTaskFailure.waitForTaskToken"):
            raise stepfunctions._ExecutionError(arguments["Error"], arguments["Cause"])
        return case.answer(resource, arguments)

    stepfunctions._invoke_resource = invoke
    stepfunctions._invoke_with_callback = wait
    stepfunctions._scaled_sleep = case.waits.append


def naming_the_state() -> None:
    """The script is by machine and state, which the invocation itself is not told."""
    execute = stepfunctions._execute_task

    def execute_task(state: Any, raw_input: Any, execution: Any, context: Any) -> Any:
        STATE.set(f"{context['StateMachine']['Name']}/{context['State']['Name']}")
        return execute(state, raw_input, execution, context)

    stepfunctions._execute_task = execute_task


def run(machine: str, data: Any, script: dict[str, Any], number: int) -> dict[str, Any]:
    case = Case(script)
    patch(case)
    request = {"stateMachineArn": arn_of(machine), "input": json.dumps(data), "name": f"case-{number}"}
    stepfunctions._start_sync_execution(request)
    executions = [e for e in stepfunctions._executions.values() if not e.get("seen")]
    for execution in executions:
        execution["seen"] = True
    main = next(e for e in executions if e["stateMachineArn"] == arn_of(machine))
    failed = [e for e in main["events"] if e["type"] == "ExecutionFailed"]
    details = failed[-1]["executionFailedEventDetails"] if failed else {}
    return {
        "status": main["status"],
        "output": json.loads(main["output"]) if main["output"] and main["status"] == "SUCCEEDED" else None,
        "error": details.get("error"),
        "cause": details.get("cause"),
        "states": {e["stateMachineArn"].rsplit(":", 1)[1]: states_of(e) for e in executions},
        "events": len(main["events"]),
        "calls": case.calls,
        "waits": case.waits,
    }


def states_of(execution: dict[str, Any]) -> list[str]:
    return [e["stateEnteredEventDetails"]["name"] for e in execution["events"] if "stateEnteredEventDetails" in e]


def arn_of(machine: str) -> str:
    return f"arn:aws:states:us-east-1:000000000000:stateMachine:{machine}"


def main() -> None:
    # Only this module's own view of time: an execution then starts at once.
    clock = {**vars(time), "sleep": lambda _seconds: None}
    stepfunctions.time = types.SimpleNamespace(**clock)
    stepfunctions._emit_execution_status_event = lambda _execution: None
    for part in (running, language, nested):
        part.register()
    naming_the_state()
    request = json.load(sys.stdin)
    for name, definition in request["machines"].items():
        role = "arn:aws:iam::000000000000:role/machine"
        machine = {"name": name, "definition": definition, "roleArn": role}
        status, _, body = stepfunctions._create_state_machine(machine)
        if status >= 400:
            raise SystemExit(f"{name}: {body}")
    results = [run(c["machine"], c["input"], c["script"], n) for n, c in enumerate(request["cases"])]
    json.dump(results, sys.stdout)


if __name__ == "__main__":
    main()
