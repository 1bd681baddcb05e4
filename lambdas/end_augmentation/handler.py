"""Releases the lease at the end of a run, and notes in the ledger why it failed, if it did."""

from __future__ import annotations

from aws_lambda_powertools.metrics import MetricUnit

from domain.augmenting.end import end
from domain.workflow.states import EndRequest
from lambdas.shared.entry import entry, logger, metrics
from lambdas.shared.variables import LedgerVariables


@entry(EndRequest, LedgerVariables)
def handler(request: EndRequest, variables: LedgerVariables) -> dict[str, bool]:
    reason = str(request.failure) if request.failure else None
    released = end(request.run, reason, variables.ledger)
    metrics.add_metric("RunsFailed", MetricUnit.Count, int(reason is not None))
    logger.info("augmentation ends", extra={"released": released, "failure": reason})
    return {"released": released}
