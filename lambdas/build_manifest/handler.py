"""Writes what the labeling job reads: input manifest, label categories and the worker template."""

from __future__ import annotations

from functools import cache
from typing import Any

from aws_lambda_powertools import Logger, Metrics, Tracer
from aws_lambda_powertools.metrics import MetricUnit
from aws_lambda_powertools.utilities.typing import LambdaContext

from adapters.clients import client
from adapters.environment import Environment
from adapters.object_store import S3ObjectStore
from domain.labeling.prepare import prepare
from domain.workflow.inputs import parse
from domain.workflow.states import RunRequest
from labelers.ground_truth.worker_template import worker_template

logger, tracer, metrics = Logger(), Tracer(), Metrics()


class Settings(Environment):
    data_bucket: str


@cache
def store() -> S3ObjectStore:
    return S3ObjectStore(client("s3"), Settings.load().data_bucket)


@tracer.capture_lambda_handler
@metrics.log_metrics
@logger.inject_lambda_context(clear_state=True)
def handler(event: dict[str, Any], _context: LambdaContext) -> dict[str, Any]:
    run = parse(RunRequest, event).run
    logger.append_keys(run_id=run.run_id, dataset=run.dataset)
    built = prepare(run, worker_template(run.task), store())
    metrics.add_metric("ObjectsRejected", MetricUnit.Count, built.rejected)
    logger.info("manifest built", extra={"accepted": built.accepted, "rejected": built.rejected})
    return built.model_dump(mode="json")
