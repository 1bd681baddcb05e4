"""Puts the parts of all instances together and makes the version visible, whole or not at all."""

from __future__ import annotations

from functools import cache
from typing import Any

from aws_lambda_powertools import Logger, Metrics, Tracer
from aws_lambda_powertools.metrics import MetricUnit
from aws_lambda_powertools.utilities.typing import LambdaContext

from adapters.clients import client
from adapters.environment import Environment
from adapters.ledger import DynamoLedger
from adapters.object_store import S3ObjectStore
from domain.augmenting.publish import publish
from domain.workflow.inputs import parse
from domain.workflow.states import PublishRequest

logger, tracer, metrics = Logger(), Tracer(), Metrics()


class Settings(Environment):
    data_bucket: str
    ledger_table: str


@cache
def settings() -> Settings:
    return Settings.load()


@tracer.capture_lambda_handler
@metrics.log_metrics
@logger.inject_lambda_context(clear_state=True)
def handler(event: dict[str, Any], _context: LambdaContext) -> dict[str, Any]:
    plan = parse(PublishRequest, event).plan
    logger.append_keys(run_id=plan.run_id, dataset=plan.dataset)
    ledger = DynamoLedger(client("dynamodb"), settings().ledger_table)
    output = publish(plan, ledger, S3ObjectStore(client("s3"), settings().data_bucket))
    metrics.add_metric("ImagesPublished", MetricUnit.Count, output.outputs)
    metrics.add_metric("ImagesQuarantined", MetricUnit.Count, output.quarantined)
    logger.info("version published", extra={"version": output.version, "outputs": output.outputs})
    return output.model_dump(mode="json")
