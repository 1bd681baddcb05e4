"""Keeps the token by which the end of the labeling job wakes the execution; a job that is over already wakes it now."""

from __future__ import annotations

from domain.labeling.watch import await_end
from domain.workflow.states import AwaitRequest
from lambdas.shared.entry import entry, logger
from lambdas.shared.variables import WatchVariables


@entry(AwaitRequest, WatchVariables)
def handler(request: AwaitRequest, variables: WatchVariables) -> dict[str, bool]:
    woken = await_end(request, variables.watched)
    logger.info("labeling is awaited", extra={"job": request.job.name, "over_already": woken})
    return {"woken": woken}
