"""Takes one step of teardown and says whether another one is needed."""

from __future__ import annotations

import time

from aws_lambda_powertools.metrics import MetricUnit
from pydantic import StrictBool

from adapters.clients import client
from adapters.teardown.cloud import AwsCloud, Clients
from adapters.teardown.deadline import before_timeout
from adapters.teardown.environment import TeardownEnvironment
from domain.errors import InvalidInput
from domain.teardown.plan import Kind
from domain.teardown.progress import Limits, Memory
from domain.teardown.step import Report, list_only, take_step
from domain.workflow.inputs import Payload
from domain.workflow.states import Request
from lambdas.shared.entry import entry, logger, metrics, time_left


class Variables(TeardownEnvironment):
    domain_id: str


class TeardownInput(Payload):
    """The execution's input: `{"confirm": "<stage>"}`, or `{"dry_run": true}` to list and delete nothing."""

    confirm: str = ""
    dry_run: StrictBool = False

    def require_confirmed(self, stage: str) -> None:
        """Raise InvalidInput unless whoever started this named the stage that is to go."""
        if self.dry_run or self.confirm == stage:
            return
        said = f"confirm is {self.confirm!r}" if self.confirm else "confirm is missing"
        raise InvalidInput(
            f"nothing was deleted: {said}. Teardown deletes the domain of stage {stage!r}, with everybody's home "
            f'directories, apps and spaces, and stops its jobs. Start it with {{"confirm": "{stage}"}} to do so, or '
            'with {"dry_run": true} to see what would go'
        )


class StepRequest(Request):
    """`memory` is the former step's; `machine` is the state machine that asks, which is not stopped."""

    input: TeardownInput
    memory: Memory
    machine: str
    execution: str

    def about(self) -> dict[str, str]:
        return {"run_id": self.execution}


@entry(StepRequest, Variables)
def handler(step: StepRequest, variables: Variables) -> Report:
    step.input.require_confirmed(variables.stage)
    scope = variables.scope(variables.domain_id, without_machine=step.machine)
    in_time = before_timeout(time_left)
    cloud = AwsCloud.within(time_left, Clients.made_by(client), scope, frozenset(Kind))
    if step.input.dry_run:
        report = list_only(cloud, Limits(), in_time)
    else:
        report = take_step(cloud, step.memory, time.time, Limits(), in_time)
    metrics.add_metric("TeardownLeft", MetricUnit.Count, report.left)
    metrics.add_metric("TeardownStuck", MetricUnit.Count, len(report.stuck))
    logger.info("teardown step", extra=report.model_dump(mode="json", exclude={"memory"}))
    return report
