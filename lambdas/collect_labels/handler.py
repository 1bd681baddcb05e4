"""From what the labeling job left to `labels.jsonl`: each object exactly once."""

from __future__ import annotations

from functools import cache
from typing import Any

from aws_lambda_powertools import Logger, Metrics, Tracer
from aws_lambda_powertools.metrics import MetricUnit
from aws_lambda_powertools.utilities.typing import LambdaContext

from adapters.clients import client
from adapters.ledger import DynamoLedger
from adapters.object_store import S3ObjectStore
from domain.labeling.collect import collect
from domain.workflow.inputs import parse
from domain.workflow.states import CollectRequest
from labelers.ground_truth.labeling_job import GroundTruthLabeler
from labelers.ground_truth.settings import LabelingSettings

logger, tracer, metrics = Logger(), Tracer(), Metrics()


class Settings(LabelingSettings):
    ledger_table: str


@cache
def settings() -> Settings:
    return Settings.load()


@tracer.capture_lambda_handler
@metrics.log_metrics
@logger.inject_lambda_context(clear_state=True)
def handler(event: dict[str, Any], _context: LambdaContext) -> dict[str, Any]:
    request = parse(CollectRequest, event)
    logger.append_keys(run_id=request.run.run_id, dataset=request.run.dataset)
    store = S3ObjectStore(client("s3"), settings().data_bucket)
    labeler = GroundTruthLabeler(client("sagemaker"), store, settings().job_settings())
    ledger = DynamoLedger(client("dynamodb"), settings().ledger_table)
    output = collect(request, labeler, store, ledger)
    metrics.add_metric("ObjectsLabeled", MetricUnit.Count, output.counts.labeled)
    metrics.add_metric("ObjectsUnlabeled", MetricUnit.Count, output.counts.unlabeled)
    logger.info("labels collected", extra={"counts": output.counts.model_dump(), "classes": output.classes})
    return output.model_dump(mode="json")
