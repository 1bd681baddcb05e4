"""Step Functions' event that an execution of `label` ended badly: its job is stopped, and its labels are kept."""

from __future__ import annotations

import json

from pydantic import ConfigDict

from domain.errors import InvalidInput
from domain.labeling.watch import execution_ended
from domain.workflow.inputs import Payload
from domain.workflow.runs import label_run
from domain.workflow.states import Request
from lambdas.shared.entry import entry, logger
from lambdas.shared.variables import WatchVariables


class Detail(Payload):
    """`input` is JSON in a text; an input of `label` is far below the 248 KiB from which on the event leaves it out."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    name: str
    status: str
    input: str


class ExecutionEvent(Request):
    """https://docs.aws.amazon.com/step-functions/latest/dg/eventbridge-integration.html"""

    model_config = ConfigDict(frozen=True, extra="ignore")

    detail: Detail


@entry(ExecutionEvent, WatchVariables)
def handler(request: ExecutionEvent, variables: WatchVariables) -> dict[str, str]:
    detail = request.detail
    try:
        run = label_run(json.loads(detail.input), detail.name)
    except InvalidInput:
        outcome = "never began"  # its first state has said why
    else:
        outcome = execution_ended(run, variables.watched)
    logger.info("execution has ended", extra={"execution": detail.name, "status": detail.status, "outcome": outcome})
    return {"outcome": outcome}
