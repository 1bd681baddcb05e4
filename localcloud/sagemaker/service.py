"""SageMaker as a service of ministack: the JSON 1.1 protocol in front of `api.call`."""

from __future__ import annotations

import json
import logging
from typing import Any

from ministack.core.concurrency import run_reentrant

from localcloud import json_services
from localcloud.sagemaker import api, clock, store

_LOG = logging.getLogger(__name__)
_TARGET = "SageMaker."


def register() -> None:
    """Let ministack route SageMaker's requests here."""
    json_services.add("sagemaker", _TARGET, handle_request, reset)


def reset() -> None:
    clock.cancel_all()
    store.reset()


async def handle_request(
    _method: str, _path: str, headers: dict[str, str], body: bytes, _query: Any
) -> json_services.Response:
    """Answer one request. On a thread of its own, because operations call other services of this server."""
    operation = headers.get("x-amz-target", "").removeprefix(_TARGET)
    try:
        params = json.loads(body or b"{}")
    except (ValueError, RecursionError) as error:  # brackets a hundred thousand deep
        return json_services.error("SerializationException", f"{operation}: the body is not JSON: {error}", 400)
    try:
        return json_services.answer(200, await run_reentrant(api.call, operation, params))
    except api.ApiError as error:
        return json_services.error(error.code, error.message, error.status)
    except Exception as error:  # noqa: BLE001  (AWS answers a crash of its own with InternalFailure, too)
        _LOG.exception("SageMaker %s crashed", operation)
        return json_services.error("InternalFailure", f"{operation}: {type(error).__name__}: {error}", 500)
