"""Releases the lease at the end of a run, and notes in the ledger why it failed, if it did."""

from __future__ import annotations

from functools import cache
from typing import Any

from aws_lambda_powertools import Logger, Metrics, Tracer
from aws_lambda_powertools.metrics import MetricUnit
from aws_lambda_powertools.utilities.typing import LambdaContext

from adapters.clients import client
from adapters.environment import Environment
from adapters.ledger import DynamoLedger
from domain.augmenting.end import end
from domain.workflow.inputs import parse
from domain.workflow.states import EndRequest

logger, tracer, metrics = Logger(), Tracer(), Metrics()


class Settings(Environment):
    ledger_table: str


@cache
def ledger() -> DynamoLedger:
    return DynamoLedger(client("dynamodb"), Settings.load().ledger_table)


@tracer.capture_lambda_handler
@metrics.log_metrics
@logger.inject_lambda_context(clear_state=True)
def handler(event: dict[str, Any], _context: LambdaContext) -> dict[str, Any]:
    request = parse(EndRequest, event)
    logger.append_keys(run_id=request.run.run_id, dataset=request.run.dataset)
    reason = f"{request.failure.error}: {request.failure.cause}" if request.failure else None
    released = end(request.run, reason, ledger())
    metrics.add_metric("RunsFailed", MetricUnit.Count, int(reason is not None))
    logger.info("augmentation ends", extra={"released": released, "failure": reason})
    return {"released": released}
