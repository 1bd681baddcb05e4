"""An account on a simulated clock: executions, functions, processing jobs, people, events, messages.

Everything happens in the order of the clock; what happens at the same moment happens in the order in which it was
asked for. With the same seed it is the same history.
"""

from __future__ import annotations

import heapq
import json
import random
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from greenlet import greenlet

from domain.errors import KempelenError
from domain.workflow.states import LabelingProgress
from tests.support.fakes.ledger import MemoryLedger
from tests.support.fakes.store import MemoryStore
from tests.workflows.machines import MACHINE_ARN, NAMES, ready
from tests.workflows.simulated.execution import Call, Execution
from tests.workflows.simulated.faults import DEATHS, Died, Faults, Invocation
from tests.workflows.simulated.functions import folder_of, invoke
from tests.workflows.simulated.jobs import ProcessingJob, Then
from tests.workflows.simulated.labeling import SimulatedLabeler
from tests.workflows.simulated.queries import TaskError
from tests.workflows.simulated.running import Running, RunningExecutions

START = 1_790_000_000.0
ASYNC_RETRIES = 2
"""Of an event's function. https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-error-handling.html"""
FUNCTION_SECONDS = 900
"""A function is cut off after at most as many."""


class Executions:
    """Fulfils `domain.workflow.ports.Executions`, for the machine that `of` names."""

    def __init__(self, account: Account, machine: str = "") -> None:
        self._account, self._machine = account, machine

    def of(self, machine: str) -> Executions:
        return Executions(self._account, machine)

    def runs(self, name: str) -> bool:
        return (self._machine, name) in self._account.running

    def wake(self, token: str, progress: LabelingProgress) -> bool:
        waiting = self._account.tokens.pop(token, None)
        if waiting is None:
            return False
        waiting(progress.model_dump(mode="json"))
        return True


@dataclass
class Account(RunningExecutions):
    """`work` is what a processing job leaves, by its request. `answered_in`: seconds until an object is answered.
    `labels` are what people say; `between` is what somebody does between two calls of a function; `broken`: by
    "machine/State", with what it fails."""

    faults: Faults
    objects: dict[str, str]
    work: Callable[[Account, dict[str, Any]], None]
    answered_in: Callable[[random.Random], float] = lambda chance: chance.uniform(60, 7200)
    job_takes: Callable[[random.Random], float] = lambda chance: chance.uniform(120, 1800)
    now: float = START
    ends: dict[tuple[str, str], Execution] = field(default_factory=dict)
    running: dict[tuple[str, str], Running] = field(default_factory=dict)
    tokens: dict[str, Then] = field(default_factory=dict)
    jobs: dict[str, ProcessingJob] = field(default_factory=dict)
    messages: list[dict[str, Any]] = field(default_factory=list)
    dead_letters: list[tuple[str, Any]] = field(default_factory=list)
    labels: tuple[str, ...] = ("open", "shut")
    between: Callable[[], None] = lambda: None
    broken: dict[str, TaskError] = field(default_factory=dict)
    invoked: int = 0

    def __post_init__(self) -> None:
        self.chance = self.faults.chance
        self.store, self.ledger, self.executions = MemoryStore(objects=self.objects), MemoryLedger(), Executions(self)
        self.labeler = SimulatedLabeler(self._manifest, self._people_begin, self._labeling_ended)
        self._agenda: list[tuple[float, int, Callable[[], None]]] = []
        self._count = 0
        self.began = self.now
        self.machines = {name: ready(name) for name in NAMES}

    def at(self, seconds: float, act: Callable[[], None]) -> None:
        """In so many seconds."""
        self._count += 1
        heapq.heappush(self._agenda, (self.now + seconds, self._count, act))

    def run(self, until: Callable[[], bool] = lambda: False, seconds: float = 400 * 86_400) -> None:
        """Until nothing is left to happen, or so it is."""
        end = self.now + seconds
        while self._agenda and self._agenda[0][0] <= end and not until():
            self.now, _, act = heapq.heappop(self._agenda)
            act()

    def _carry_out(self, running: Running, call: Call) -> None:
        turn = running.turn

        def then(value: Any) -> None:
            """What comes after the state has gone on, by a time-out for example, is not heard."""
            if running.turn == turn:
                self.at(0, self._resuming(running, value))

        error = self.broken.get(f"{running.execution.machine}/{call.state}")
        if error is not None:
            then(error)
            return
        resource = call.resource.removeprefix("arn:aws:states:::")
        self.at(call.timeout, self._resuming(running, TaskError("States.Timeout", f"{call.state} took too long")))
        match resource:
            case "lambda:invoke":
                self._invoke(call.arguments, lambda value: then(_answer(value)))
            case "lambda:invoke.waitForTaskToken":
                assert call.token is not None
                self.tokens[call.token] = then
                self._invoke(call.arguments, lambda value: then(value) if isinstance(value, TaskError) else None)
                token = call.token
                self.at(call.timeout, lambda: self.tokens.pop(token, None))
            case "sagemaker:createProcessingJob.sync":
                self._create_job(running, call.arguments, then)
            case "states:startExecution.sync:2":
                self._start_child(running, call.arguments, then)
            case _:
                then(self._answered_at_once(resource, call.arguments))

    def _answered_at_once(self, resource: str, arguments: dict[str, Any]) -> Any:
        match resource:
            case "aws-sdk:sagemaker:describeProcessingJob":
                return self._described(arguments["ProcessingJobName"])
            case "aws-sdk:sagemaker:stopProcessingJob":
                self.end_job(arguments["ProcessingJobName"], "Stopped", "stopped by its state machine")
            case "sns:publish":
                self.messages.append(arguments)
            case "aws-sdk:sfn:sendTaskFailure.waitForTaskToken":
                return TaskError(arguments["Error"], arguments["Cause"])
            case _:
                raise AssertionError(f"nobody carries out {resource}")
        return {}

    def _invoke(self, arguments: dict[str, Any], then: Then) -> None:
        self._function(folder_of(arguments["FunctionName"]), arguments["Payload"], then)

    def _function(self, folder: str, event: Any, then: Then) -> None:
        """One invocation, in which others may come between two of its calls."""
        self.invoked += 1
        dies = self.faults.strikes("death")
        invocation = Invocation(self.chance.randint(0, 12) if dies else None, self.chance.random() < 0.5)

        def body() -> Any:
            try:
                if invocation.dies_at == 0:
                    raise Died
                return invoke(folder, event, self, self.faults, invocation)
            except Died:
                return TaskError(self.chance.choice(DEATHS), "Runtime exited with error: signal: killed")
            except KempelenError as error:
                return TaskError(type(error).__name__, json.dumps({"errorMessage": str(error)}))

        fiber, limit = greenlet(body), self.now + FUNCTION_SECONDS

        def go_on() -> None:
            value = fiber.switch() if self.now < limit else fiber.throw(Died)
            if fiber.dead:
                then(value)
            else:
                if self.faults.strikes("stopped_between"):
                    self.between()
                slow = self.chance.random() < 0.02
                self.at(self.chance.uniform(0, 700 if slow else 20), go_on)

        self.at(0, go_on)

    def _event(self, folder: str, event: Any, tries: int = 0) -> None:
        """An asynchronous invocation: tried again twice, then it is a dead letter.

        What tells that an execution ended is delivered at least once, but for its dead letters; of a labeling job's end
        nobody promises that.
        """
        if tries == 0 and folder == "labeling_ended" and self.faults.strikes("event_lost"):
            return
        if tries == 0 and self.faults.strikes("event_twice"):
            self.at(self.chance.uniform(0, 3600), lambda: self._event(folder, event, 1))

        def then(value: Any) -> None:
            if isinstance(value, TaskError) and tries < ASYNC_RETRIES:
                self.at(60.0 * (tries + 1), lambda: self._event(folder, event, tries + 1))
            elif isinstance(value, TaskError):
                self.dead_letters.append((folder, event))

        self.at(self.chance.uniform(0, 5), lambda: self._function(folder, event, then))

    def replay(self) -> None:
        """What an operator does with the dead letters."""
        letters, self.dead_letters = self.dead_letters, []
        for folder, event in letters:
            self._event(folder, event)

    def _start_child(self, running: Running, arguments: dict[str, Any], then: Then) -> None:
        machine = arguments["StateMachineArn"].removeprefix(MACHINE_ARN)

        def over(child: Execution) -> None:
            if child.status == "SUCCEEDED":
                then({"Output": child.output, "Status": "SUCCEEDED"})
            else:
                told = {"Error": child.error, "Cause": child.cause, "Status": child.status}
                then(TaskError("States.TaskFailed", json.dumps(told)))

        child = self.start(machine, arguments["Name"], arguments["Input"], over)
        if child is None:
            then(TaskError("StepFunctions.ExecutionAlreadyExistsException", f"Execution {arguments['Name']} exists"))
        else:
            running.child = child.arn


def _answer(value: Any) -> Any:
    return value if isinstance(value, TaskError) else {"StatusCode": 200, "Payload": value}
