"""The first state of each workflow: the execution input, checked, with every default filled in."""

from __future__ import annotations

from functools import cache
from typing import Any

from aws_lambda_powertools import Logger, Tracer
from aws_lambda_powertools.utilities.typing import LambdaContext

from adapters.clients import client
from adapters.environment import Environment
from adapters.object_store import S3ObjectStore
from domain.workflow.inputs import parse
from domain.workflow.runs import augment_run, label_run
from domain.workflow.states import LabelRun, ValidationRequest
from lambdas.validate_input.recipe_file import check_classes, check_recipe

logger, tracer = Logger(), Tracer()


class Settings(Environment):
    data_bucket: str


@cache
def store() -> S3ObjectStore:
    return S3ObjectStore(client("s3"), Settings.load().data_bucket)


@tracer.capture_lambda_handler
@logger.inject_lambda_context(clear_state=True)
def handler(event: dict[str, Any], _context: LambdaContext) -> dict[str, Any]:
    request = parse(ValidationRequest, event)
    complete = augment_run if request.kind == "augment" else label_run
    run = complete(request.input, request.execution)
    logger.append_keys(run_id=run.run_id, dataset=run.dataset)
    recipe = check_recipe(run.recipe, store())
    if isinstance(run, LabelRun):
        check_classes(recipe, run.task.labels)
    else:
        run = run.model_copy(update={"near_duplicates": recipe.needs_fingerprints})
    logger.info("input is valid", extra={"kind": request.kind})
    return run.model_dump(mode="json")
