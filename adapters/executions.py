"""Executions of one state machine, as Step Functions knows them."""

from __future__ import annotations

from typing import Any

from adapters.aws_errors import translated
from domain.errors import NotFound
from domain.workflow.states import LabelingProgress

_RUNS = frozenset({"RUNNING", "PENDING_REDRIVE"})


class StepFunctionsExecutions:
    """Fulfils `domain.workflow.ports.Executions`."""

    def __init__(self, client: Any, machine_arn: str) -> None:
        self._client = client
        self._machine_arn = machine_arn

    def runs(self, name: str) -> bool:
        arn = f"{self._machine_arn.replace(':stateMachine:', ':execution:')}:{name}"
        try:
            with translated(f"describe execution {arn}"):
                return self._client.describe_execution(executionArn=arn)["status"] in _RUNS
        except NotFound:
            return False  # Step Functions forgets executions 90 days after their end

    def wake(self, token: str, progress: LabelingProgress) -> bool:
        try:
            with translated("wake the execution that waits"):
                self._client.send_task_success(taskToken=token, output=progress.model_dump_json())
        except NotFound:
            return False
        return True
