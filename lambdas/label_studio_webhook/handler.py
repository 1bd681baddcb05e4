"""Label Studio's webhook: somebody has answered. Whoever cannot prove to be the server is told nothing."""

from __future__ import annotations

from functools import cache
from http import HTTPStatus
from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext

from domain.errors import AccessDenied, AwsError
from domain.labeling.port import Listener
from labelers.factory import make_listener
from lambdas.shared.entry import loaded, logger, traced
from lambdas.shared.variables import LabelerVariables


@traced
@logger.inject_lambda_context(clear_state=True)
def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:  # noqa: ARG001 - Lambda's
    """`POST /label-studio/{job}` of an HTTP API, its event in format 2.0. A call that fails is none that is needed."""
    job = str((event.get("pathParameters") or {}).get("job", ""))
    proof = str((event.get("headers") or {}).get("x-kempelen-proof", ""))
    try:
        outcome = _listener().heard(job, proof)
    except AccessDenied as error:
        logger.warning("a call was refused", extra={"reason": str(error)})
        return {"statusCode": HTTPStatus.FORBIDDEN}
    except AwsError as error:
        logger.warning("a call was heard in vain", extra={"job": job, "reason": str(error)})
        return {"statusCode": HTTPStatus.SERVICE_UNAVAILABLE}
    logger.info("somebody has answered", extra={"job": job, "outcome": outcome})
    return {"statusCode": HTTPStatus.NO_CONTENT}


handler.variables = LabelerVariables  # type: ignore[attr-defined] # a test compares it with the template


@cache
def _listener() -> Listener:
    given = loaded(LabelerVariables)
    return make_listener("label_studio", given.store)
