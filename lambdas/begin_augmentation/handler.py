"""Takes the lease and freezes what the processing job reads, or says that there is nothing to do."""

from __future__ import annotations

import time
from functools import cache
from typing import Any

from aws_lambda_powertools import Logger, Metrics, Tracer
from aws_lambda_powertools.metrics import MetricUnit
from aws_lambda_powertools.utilities.typing import LambdaContext

from adapters.clients import client
from adapters.environment import Environment
from adapters.ledger import DynamoLedger
from adapters.object_store import S3ObjectStore
from domain.augmenting.begin import Beginning, begin
from domain.workflow.inputs import parse
from domain.workflow.states import BeginRequest

logger, tracer, metrics = Logger(), Tracer(), Metrics()


class Settings(Environment):
    data_bucket: str
    ledger_table: str
    job_name_prefix: str


@cache
def settings() -> Settings:
    return Settings.load()


@tracer.capture_lambda_handler
@metrics.log_metrics
@logger.inject_lambda_context(clear_state=True)
def handler(event: dict[str, Any], _context: LambdaContext) -> dict[str, Any]:
    run = parse(BeginRequest, event).run
    logger.append_keys(run_id=run.run_id, dataset=run.dataset)
    beginning = Beginning(
        ledger=DynamoLedger(client("dynamodb"), settings().ledger_table),
        store=S3ObjectStore(client("s3"), settings().data_bucket),
        job_prefix=settings().job_name_prefix,
        now=time.time(),
    )
    plan = begin(run, beginning)
    metrics.add_metric("RunsWithoutWork", MetricUnit.Count, int(plan.outcome != "start"))
    logger.info("augmentation begins", extra={"outcome": plan.outcome, "version": plan.version, "token": plan.token})
    return plan.model_dump(mode="json")
