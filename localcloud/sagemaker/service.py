"""SageMaker as a service of ministack: the JSON 1.1 protocol in front of `api.call`."""

from __future__ import annotations

import json
import logging
import sys
import types
from typing import Any

import ministack.app
from ministack.core import iam_actions, router
from ministack.core.concurrency import run_reentrant

from localcloud.sagemaker import api, clock, store

_LOG = logging.getLogger(__name__)
_MODULE = "ministack.services.sagemaker"

Response = tuple[int, dict[str, str], bytes]


def register() -> None:
    """Let ministack route SageMaker's requests here. First among the patterns: others match any target prefix."""
    sys.modules[_MODULE] = _module()
    ministack.app.SERVICE_REGISTRY["sagemaker"] = {"module": "sagemaker", "aliases": ("api.sagemaker",)}
    ministack.app.SERVICE_HANDLERS["sagemaker"] = ministack.app._lazy_handler("sagemaker")
    pattern = {"target_prefixes": ["SageMaker."], "host_patterns": [r"api\.sagemaker\."]}
    others = dict(router.SERVICE_PATTERNS)
    router.SERVICE_PATTERNS.clear()
    router.SERVICE_PATTERNS.update({"sagemaker": pattern, **others})
    iam_actions.SERVICE_TO_IAM_NAMESPACE["sagemaker"] = "sagemaker"


def _module() -> types.ModuleType:
    """What ministack expects of the module of a service."""
    module = types.ModuleType(_MODULE)
    module.__dict__.update(
        handle_request=handle_request,
        reset=reset,
        get_state=dict,
        load_persisted_state=lambda _state: None,
    )
    return module


def reset() -> None:
    clock.cancel_all()
    store.reset()


async def handle_request(_method: str, _path: str, headers: dict[str, str], body: bytes, _query: Any) -> Response:
    """Answer one request. On a thread of its own, because operations call other services of this server."""
    operation = headers.get("x-amz-target", "").removeprefix("SageMaker.")
    try:
        params = json.loads(body or b"{}")
    except (ValueError, RecursionError) as error:  # brackets a hundred thousand deep
        return _error("SerializationException", f"{operation}: the body is not JSON: {error}", 400)
    try:
        return _json(200, await run_reentrant(api.call, operation, params))
    except api.ApiError as error:
        return _error(error.code, error.message, error.status)
    except Exception as error:  # noqa: BLE001  (AWS answers a crash of its own with InternalFailure, too)
        _LOG.exception("SageMaker %s crashed", operation)
        return _error("InternalFailure", f"{operation}: {type(error).__name__}: {error}", 500)


def _error(code: str, message: str, status: int) -> Response:
    return _json(status, {"__type": code, "message": message})


def _json(status: int, content: dict[str, Any]) -> Response:
    return status, {"Content-Type": "application/x-amz-json-1.1"}, json.dumps(content).encode()
