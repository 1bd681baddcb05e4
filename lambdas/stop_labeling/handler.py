"""After a failure: stops the labeling job that this execution made, so that nobody works for nothing."""

from __future__ import annotations

from domain.workflow.states import RunRequest
from lambdas.shared.entry import entry, logger
from lambdas.shared.variables import LabelerVariables


@entry(RunRequest, LabelerVariables)
def handler(request: RunRequest, variables: LabelerVariables) -> dict[str, bool]:
    stopped = variables.labeler_of(request.run).stop(request.run)
    logger.info("labeling job stopped" if stopped else "no labeling job of this execution to stop")
    return {"stopped": stopped}
