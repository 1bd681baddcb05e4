"""Executions of the simulated account: started, moved on, stopped, redriven, ended."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from tests.workflows.simulated.execution import Call, Execution, Pause, Step
from tests.workflows.simulated.jobs import Jobs, Then
from tests.workflows.simulated.queries import TaskError


@dataclass
class Running:
    """An execution that has not ended: where it stands, and what waits for its end."""

    execution: Execution
    step: Step
    parent: Then | None = None
    child: str | None = None
    job: str | None = None
    turn: int = 0


class RunningExecutions(Jobs):
    """The part of an account that runs executions: see `Account`."""

    running: dict[tuple[str, str], Running]
    ends: dict[tuple[str, str], Execution]
    machines: dict[str, dict[str, Any]]
    _carry_out: Callable[[Running, Call], None]

    def start(self, machine: str, name: str, given: Any, parent: Then | None = None) -> Execution | None:
        """None where an execution of this name was before, as Step Functions refuses it."""
        key = machine, name
        if key in self.running and self.running[key].execution.input == given:
            return self.running[key].execution
        if key in self.running or key in self.ends:
            return None
        execution = Execution(machine, name, self.machines[machine], given, self.chance)
        self._begin(execution, execution.start(), parent)
        return execution

    def redrive(self, execution: Execution) -> None:
        del self.ends[execution.machine, execution.name]
        self._begin(execution, execution.redrive(), None)

    def stop(self, execution: Execution, status: str = "ABORTED", cause: str = "somebody stopped it") -> None:
        """By somebody, or by the machine's time limit; children and jobs that it waits for are stopped with it."""
        running = self.running.get((execution.machine, execution.name))
        if running is None:
            return
        running.turn += 1
        execution.end(status, "" if status == "ABORTED" else "States.Timeout", cause)
        self._stop_what_it_waits_for(running)
        self._ended(running)

    def _stop_what_it_waits_for(self, running: Running) -> None:
        if running.job is not None:
            self.end_job(running.job, "Stopped", "stopped with its execution")
        for other in list(self.running.values()):
            if running.child == other.execution.arn:
                other.parent = None
                self.stop(other.execution, cause="its parent was stopped")

    def _begin(self, execution: Execution, step: Step, parent: Then | None) -> None:
        running = Running(execution, step, parent)
        self.running[execution.machine, execution.name] = running
        limit = execution.definition["TimeoutSeconds"]
        turn = execution.redrives
        self.at(limit, lambda: execution.redrives == turn and self.stop(execution, "TIMED_OUT", "the machine's limit"))
        self.at(0, lambda: self._advance(running, next))

    def _advance(self, running: Running, move: Callable[[Step], Any]) -> None:
        running.turn += 1
        running.job = running.child = None
        try:
            wanted = move(running.step)
        except StopIteration:
            self._ended(running)
            return
        if isinstance(wanted, Pause):
            self.at(wanted.seconds, self._resuming(running, None))
        else:
            self._carry_out(running, wanted)

    def _resuming(self, running: Running, value: Any) -> Callable[[], None]:
        """What goes on with the execution once, if it still stands where it stands now."""
        turn = running.turn

        def resume() -> None:
            if running.turn == turn and running.execution.status == "RUNNING":
                raises = isinstance(value, TaskError)
                self._advance(running, lambda step: step.throw(value) if raises else step.send(value))

        return resume

    def _ended(self, running: Running) -> None:
        execution = running.execution
        running.turn += 1  # a timer of what is over must not move what is redriven
        del self.running[execution.machine, execution.name]
        self.ends[execution.machine, execution.name] = execution
        if running.parent is not None:
            running.parent(execution)
        if execution.machine == "label" and execution.status != "SUCCEEDED":
            detail = {"name": execution.name, "status": execution.status, "input": json.dumps(execution.input)}
            self._event("execution_ended", {"detail": detail})
