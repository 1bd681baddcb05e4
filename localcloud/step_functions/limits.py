"""What a task or a state gives has at most 256 KiB.

https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from ministack.services import stepfunctions

from localcloud.step_functions.requests import too_large


def register() -> None:
    stepfunctions._invoke_resource = _limited(stepfunctions._invoke_resource)
    stepfunctions._add_event = _limiting_outputs(stepfunctions._add_event)


def _limited(invoke: Callable[[str, Any], Any]) -> Callable[[str, Any], Any]:
    def invoke_resource(resource: str, data: Any) -> Any:
        result = invoke(resource, data)
        _check(result, resource)
        return result

    return invoke_resource


def _limiting_outputs(add: Callable[..., Any]) -> Callable[..., Any]:
    """A state's output stands in the event of its end, whatever its type."""

    def add_event(execution: dict[str, Any], kind: str, details: dict[str, Any] | None = None, **options: Any) -> Any:
        ended = (details or {}).get("stateExitedEventDetails")
        if ended and too_large(ended["output"]):  # which has other letters than ASCII escaped
            _check(json.loads(ended["output"]), ended["name"])
        return add(execution, kind, details, **options)

    return add_event


def _check(result: Any, what: str) -> None:
    if too_large(json.dumps(result, ensure_ascii=False, separators=(",", ":"))):
        raise stepfunctions._ExecutionError(
            "States.DataLimitExceeded",
            f"The state/task '{what}' returned a result with a size exceeding the maximum number of bytes service "
            "limit.",
        )
