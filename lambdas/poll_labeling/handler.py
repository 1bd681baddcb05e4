"""One look at the labeling job."""

from __future__ import annotations

from functools import cache
from typing import Any

from aws_lambda_powertools import Logger, Tracer
from aws_lambda_powertools.utilities.typing import LambdaContext

from adapters.clients import client
from adapters.object_store import S3ObjectStore
from domain.workflow.inputs import parse
from domain.workflow.states import JobRequest
from labelers.ground_truth.labeling_job import GroundTruthLabeler
from labelers.ground_truth.settings import LabelingSettings

logger, tracer = Logger(), Tracer()


@cache
def labeler() -> GroundTruthLabeler:
    settings = LabelingSettings.load()
    store = S3ObjectStore(client("s3"), settings.data_bucket)
    return GroundTruthLabeler(client("sagemaker"), store, settings.job_settings())


@tracer.capture_lambda_handler
@logger.inject_lambda_context(clear_state=True)
def handler(event: dict[str, Any], _context: LambdaContext) -> dict[str, Any]:
    request = parse(JobRequest, event)
    logger.append_keys(run_id=request.run.run_id, dataset=request.run.dataset)
    progress = labeler().progress(request.job.name)
    logger.info("labeling progress", extra={"job": request.job.name, **progress.model_dump()})
    return progress.model_dump(mode="json")
