"""One execution of a state machine, step by step: what it wants done is asked for, what came of it is told.

Counts the events of its history as Step Functions does: a state is entered and exited, each attempt at a task is
scheduled, started and ended, and submitted before, where its end comes later.
https://docs.aws.amazon.com/step-functions/latest/apireference/API_HistoryEvent.html
"""

from __future__ import annotations

import json
import random
from collections import Counter
from collections.abc import Generator
from dataclasses import dataclass, field
from typing import Any

from tests.workflows.simulated.queries import TaskError, evaluated

LIMIT_BYTES = 262_144
"""Of what a state or a task takes and gives. https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html"""
TERMINAL = ("States.DataLimitExceeded", "States.Runtime")
"""States.ALL does not match them. https://docs.aws.amazon.com/step-functions/latest/dg/concepts-error-handling.html"""


@dataclass(frozen=True)
class Call:
    """A task's attempt. `token`: of one whose end somebody tells."""

    state: str
    resource: str
    arguments: Any
    timeout: float
    token: str | None


@dataclass(frozen=True)
class Pause:
    seconds: float


Step = Generator[Call | Pause, Any, None]


def matches(names: list[str], error: str) -> bool:
    if error in TERMINAL:
        return error in names
    return error in names or "States.ALL" in names or ("States.TaskFailed" in names and error != "States.Timeout")


@dataclass
class Execution:
    """`chance` draws the jitter of retries; without it a retry waits the whole interval."""

    machine: str
    name: str
    definition: dict[str, Any]
    input: Any
    chance: random.Random | None = None
    status: str = "RUNNING"
    output: Any = None
    error: str = ""
    cause: str = ""
    variables: dict[str, Any] = field(default_factory=dict)
    events: Counter[str] = field(default_factory=Counter)
    visited: list[str] = field(default_factory=list)
    sizes: dict[str, int] = field(default_factory=dict)
    redrives: int = 0
    tokens: int = 0

    def __post_init__(self) -> None:
        self._state, self._data = self.definition["StartAt"], self.input

    @property
    def arn(self) -> str:
        return f"arn:aws:states:us-east-1:000000000000:execution:{self.machine}:{self.name}"

    def redrive(self) -> Step:
        """Goes on in the state that did not succeed, its retries counted anew.

        https://docs.aws.amazon.com/step-functions/latest/dg/redrive-executions.html
        """
        assert self.status in ("FAILED", "TIMED_OUT", "ABORTED"), self.status
        self.status, self.error, self.cause = "RUNNING", "", ""
        self.redrives += 1
        self.events["ExecutionRedriven"] += 1
        return self._steps()

    def start(self) -> Step:
        self.events["ExecutionStarted"] += 1
        return self._steps()

    def end(self, status: str, error: str = "", cause: str = "") -> None:
        self.status, self.error, self.cause = status, error, cause
        self.events[f"Execution{status.title().replace('_', '')}"] += 1

    def _steps(self) -> Step:
        while self.status == "RUNNING":
            state = self.definition["States"][self._state]
            self.visited.append(self._state)
            self.events[f"{state['Type']}StateEntered"] += 1
            try:
                following = yield from getattr(self, f"_{state['Type'].lower()}")(state)
            except TaskError as error:
                self.end("FAILED", error.error, error.cause)
                return
            self.events[f"{state['Type']}StateExited"] += 1
            if following is None:
                self.output = self._data
                self.end("SUCCEEDED")
                return
            self._state = following

    def _task(self, state: dict[str, Any]) -> Generator[Call | Pause, Any, str | None]:
        tried: Counter[int] = Counter()
        while True:
            try:
                result = yield from self._attempt(state)
                self._leave(state, result=result, default=result)
                return state.get("Next")
            except TaskError as error:
                which = next(
                    (n for n, r in enumerate(state.get("Retry", [])) if matches(r["ErrorEquals"], error.error)), -1
                )
                retrier = state["Retry"][which] if which >= 0 else {"MaxAttempts": 0}
                if tried[which] < retrier.get("MaxAttempts", 3):
                    yield Pause(self._interval(retrier, tried[which]))
                    tried[which] += 1
                    continue
                return self._caught(state, error)

    def _attempt(self, state: dict[str, Any]) -> Generator[Call | Pause, Any, Any]:
        resource, token = state["Resource"], None
        if resource.endswith(".waitForTaskToken"):
            self.tokens += 1
            token = f"{self.arn}#{self.tokens}"
        arguments = self._evaluated(state["Arguments"], token=token)
        self._check(arguments, f"{self._state} takes")
        timeout = self._evaluated(state["TimeoutSeconds"])
        self.events.update(["TaskScheduled", "TaskStarted"])
        if token or ".sync" in resource:
            self.events["TaskSubmitted"] += 1
        try:
            result = yield Call(self._state, resource, arguments, timeout, token)
        except TaskError as error:
            self.events["TaskTimedOut" if error.error == "States.Timeout" else "TaskFailed"] += 1
            raise
        self.events["TaskSucceeded"] += 1
        self._check(result, f"{self._state} gives")
        return result

    def _interval(self, retrier: dict[str, Any], tried: int) -> float:
        seconds = retrier.get("IntervalSeconds", 1) * retrier.get("BackoffRate", 2) ** tried
        seconds = min(seconds, retrier.get("MaxDelaySeconds", seconds))
        return self.chance.uniform(0, seconds) if self.chance and retrier.get("JitterStrategy") == "FULL" else seconds

    def _caught(self, state: dict[str, Any], error: TaskError) -> str:
        for catcher in state.get("Catch", []):
            if matches(catcher["ErrorEquals"], error.error):
                told = {"Error": error.error, "Cause": error.cause}
                self._leave(catcher, error=told, default=told)
                return str(catcher["Next"])
        raise error

    def _choice(self, state: dict[str, Any]) -> Generator[Call | Pause, Any, str]:
        yield from ()
        for rule in state["Choices"]:
            if self._evaluated(rule["Condition"]):
                self._leave(rule, default=self._data)
                return str(rule["Next"])
        if "Default" not in state:
            raise TaskError("States.NoChoiceMatched", self._state)
        self._leave(state, default=self._data)
        return str(state["Default"])

    def _wait(self, state: dict[str, Any]) -> Generator[Call | Pause, Any, str]:
        yield Pause(self._evaluated(state["Seconds"]))
        self._leave(state, default=self._data)
        return str(state["Next"])

    def _pass(self, state: dict[str, Any]) -> Generator[Call | Pause, Any, str | None]:
        yield from ()
        self._leave(state, default=self._data)
        return state.get("Next")

    def _succeed(self, state: dict[str, Any]) -> Generator[Call | Pause, Any, None]:
        yield from ()
        self._leave(state, default=self._data)

    def _fail(self, state: dict[str, Any]) -> Generator[Call | Pause, Any, None]:
        yield from ()
        raise TaskError(self._evaluated(state["Error"]), self._evaluated(state["Cause"]))

    def _leave(self, what: dict[str, Any], *, default: Any, result: Any = None, error: Any = None) -> None:
        """Output and Assign see the same variables, those of before."""
        told = {"result": result, "errorOutput": error}
        output = self._evaluated(what["Output"], **told) if "Output" in what else default
        assigned = self._evaluated(what.get("Assign", {}), **told)
        self._check(output, f"{self._state} gives")
        self.variables.update(assigned)
        self._data = output

    def _check(self, value: Any, what: str) -> None:
        size = len(json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode())
        self.sizes[what] = max(size, self.sizes.get(what, 0))
        if size > LIMIT_BYTES:
            raise TaskError("States.DataLimitExceeded", f"{what} {size} bytes")

    def _evaluated(self, template: Any, token: str | None = None, **told: Any) -> Any:
        execution = {"Id": self.arn, "Name": self.name, "Input": self.input, "RedriveCount": self.redrives}
        context = {
            "Execution": execution,
            "State": {"Name": self._state},
            "StateMachine": {
                "Id": self.arn.rpartition(":")[0].replace("execution", "stateMachine"),
                "Name": self.machine,
            },
            **({"Task": {"Token": token}} if token else {}),
        }
        return evaluated(template, self.variables, {"input": self._data, "context": context, **told})
