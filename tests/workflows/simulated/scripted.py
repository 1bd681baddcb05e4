"""An execution whose tasks answer by a script, as `scripts.py` has them; children run the same way."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from tests.workflows.machines import MACHINE_ARN, ready
from tests.workflows.scripts import PIPELINE, REPORT, gives
from tests.workflows.simulated.execution import Call, Execution
from tests.workflows.simulated.queries import TaskError

HAPPY = {**PIPELINE, "teardown/TakeStep": gives(REPORT), "teardown/NotifyFailure": gives({})}


@dataclass
class Scripted:
    """`wrong`: by "machine/State", the error and how often it comes, None for always."""

    wrong: dict[str, tuple[TaskError, int | None]] = field(default_factory=dict)
    script: dict[str, list[dict[str, Any]]] = field(default_factory=lambda: dict(HAPPY))
    tried: Counter[str] = field(default_factory=Counter)
    visited: list[str] = field(default_factory=list)
    messages: list[dict[str, Any]] = field(default_factory=list)
    waited: float = 0.0

    def run(self, machine: str, given: Any = None, name: str = "e-1") -> Execution:
        execution = Execution(machine, name, ready(machine), given if given is not None else {})
        self.drive(execution, execution.start())
        return execution

    def drive(self, execution: Execution, step: Any) -> None:
        move: Any = None
        while True:
            try:
                wanted = step.throw(move) if isinstance(move, TaskError) else step.send(move)
            except StopIteration:
                self.visited += [f"{execution.machine}/{state}" for state in execution.visited]
                return
            move = self._answer(execution, wanted) if isinstance(wanted, Call) else self._pause(wanted.seconds)

    def _pause(self, seconds: float) -> None:
        self.waited += seconds

    def _answer(self, execution: Execution, call: Call) -> Any:
        state = f"{execution.machine}/{call.state}"
        self.tried[state] += 1
        error, times = self.wrong.get(state, (None, 0))
        if error is not None and (times is None or self.tried[state] <= times):
            return error
        if "sns:publish" in call.resource:
            self.messages.append(json.loads(call.arguments["Message"]))
        if "sendTaskFailure" in call.resource:
            return TaskError(call.arguments["Error"], call.arguments["Cause"])
        if "startExecution" in call.resource:
            return self._child(call.arguments)
        answers = self.script[state]
        answer = answers[min(self.tried[state], len(answers)) - 1]["return"]
        return {"Payload": answer} if call.resource.endswith("lambda:invoke") else answer

    def _child(self, arguments: dict[str, Any]) -> Any:
        child = self.run(arguments["StateMachineArn"].removeprefix(MACHINE_ARN), arguments["Input"], arguments["Name"])
        if child.status == "SUCCEEDED":
            return {"Output": child.output}
        return TaskError("States.TaskFailed", json.dumps({"Cause": child.cause, "Error": child.error}))
