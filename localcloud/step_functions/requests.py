"""What Step Functions refuses of a request, and ministack takes."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

from ministack.core.responses import error_response_json
from ministack.services import stepfunctions

LIMIT_BYTES = 262_144
"""Of an execution's input, and of what a task or state gives (Step Functions service quotas: 256 KiB as UTF-8)."""
# https://docs.aws.amazon.com/step-functions/latest/apireference/API_StartExecution.html
_SPECIAL = r"\s<>{}\[\]?*\"#%\\^|~`$&,;:/"
_CONTROL = r"\u0000-\u001f\u007f-\u009f\ufffe\uffff\ud800-\udfff\U0010ffff"
_NAME = re.compile(f"[^{_SPECIAL}{_CONTROL}]{{1,80}}")

Answer = Any
Handler = Callable[[dict[str, Any]], Answer]


def register() -> None:
    """After all else that wraps these handlers: a refused request reaches none of it."""
    stepfunctions._start_execution = _checked(stepfunctions._start_execution, _start_refusal)
    stepfunctions._send_task_success = _checked(stepfunctions._send_task_success, _output_refusal)


def _checked(handle: Handler, refusal: Callable[[dict[str, Any]], tuple[str, str] | None]) -> Handler:
    def checked(data: dict[str, Any]) -> Answer:
        refused = refusal(data)
        return error_response_json(*refused, 400) if refused else handle(data)

    return checked


def _start_refusal(data: dict[str, Any]) -> tuple[str, str] | None:
    """Code and message, or None."""
    name, given = data.get("name"), data.get("input", "{}")
    if name is not None and not _NAME.fullmatch(name):
        return "InvalidName", f"Invalid Name: '{name}'"
    if too_large(given):
        return "ValidationException", _too_long("input")
    reason = _not_json(given)
    return ("InvalidExecutionInput", f"Invalid State Machine Execution Input: '{reason}'") if reason else None


def _output_refusal(data: dict[str, Any]) -> tuple[str, str] | None:
    output = data.get("output", "")
    if too_large(output):
        return "ValidationException", _too_long("output")
    reason = _not_json(output)
    return ("InvalidOutput", f"Invalid Output: '{reason}'") if reason else None


def too_large(text: str) -> bool:
    return len(text.encode("utf-8", "surrogatepass")) > LIMIT_BYTES


def _too_long(member: str) -> str:
    return (
        f"1 validation error detected: Value at '{member}' failed to satisfy constraint: "
        f"Member must have length less than or equal to {LIMIT_BYTES}"
    )


def _not_json(text: str) -> str:
    try:
        json.loads(text)
    except (ValueError, RecursionError) as error:
        return str(error)
    return ""
