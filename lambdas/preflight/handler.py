"""Says within seconds what this account, Region, workteam and bucket can be used for, and why not."""

from __future__ import annotations

from functools import cache
from typing import Any

from aws_lambda_powertools import Logger, Tracer
from aws_lambda_powertools.utilities.typing import LambdaContext

from adapters.clients import client
from adapters.environment import Environment
from adapters.object_store import S3ObjectStore
from domain.labeling.preflight import passed
from domain.workflow.inputs import parse
from domain.workflow.states import RunRequest
from labelers.ground_truth.preflight import check_region, check_service, check_workteam
from lambdas.preflight.bucket_checks import check_cors, check_objects, check_same_region

logger, tracer = Logger(), Tracer()


class Settings(Environment):
    data_bucket: str
    workteam_arn: str
    aws_region: str


@cache
def settings() -> Settings:
    return Settings.load()


@tracer.capture_lambda_handler
@logger.inject_lambda_context(clear_state=True)
def handler(event: dict[str, Any], _context: LambdaContext) -> dict[str, Any]:
    run = parse(RunRequest, event).run
    logger.append_keys(run_id=run.run_id, dataset=run.dataset)
    sagemaker, region = client("sagemaker"), settings().aws_region
    store = S3ObjectStore(client("s3"), settings().data_bucket)
    checks = [
        check_region(region),
        check_service(sagemaker),
        check_workteam(sagemaker, settings().workteam_arn, region),
        check_same_region(store, region),
        check_cors(store),
        check_objects(store, run.source_prefix),
    ]
    logger.info("preflight", extra={"checks": [vars(check) for check in checks]})
    return {"checks": passed(checks)}
