"""Lambda functions as local processes: the project's Python, its packages, and AWS's error payloads."""

from __future__ import annotations

import contextvars
import os
from typing import Any

from ministack.core import lambda_runtime
from ministack.services import lambda_svc

_ERROR: contextvars.ContextVar[dict[str, Any] | None] = contextvars.ContextVar("lambda_error", default=None)
_REPORT = 'json.dumps({"status": "error", "error": str(e), "trace": traceback.format_exc()})'
_NAMED_REPORT = (
    'json.dumps({"status": "error", "error": str(e), "type": type(e).__name__, "trace": traceback.format_exc()})'
)


def register(python: str) -> None:
    """Run Python functions with the interpreter `python`; Node functions find packages in the server's NODE_PATH."""
    script = lambda_runtime._PYTHON_WORKER_SCRIPT
    if _REPORT not in script:
        raise RuntimeError(
            "ministack's Python worker script reports errors in a new way: adapt localcloud/lambda_functions.py"
        )
    script = script.replace(_REPORT, _NAMED_REPORT)
    detect = lambda_runtime._detect_runtime_binary

    def detect_runtime(runtime: str) -> tuple[str, str]:
        return (python, script) if runtime.startswith("python") else detect(runtime)

    lambda_runtime._detect_runtime_binary = detect_runtime
    lambda_runtime.Worker = _Worker
    lambda_svc._execute_function_warm = _naming_errors(lambda_svc._execute_function_warm)
    os.environ.pop("PYTHONPATH", None)  # a function imports its own code, never the working copy


class _Worker(lambda_runtime.Worker):  # type: ignore[misc]
    """A worker that tells which exception a handler raised.

    Python functions get no layers: layers hold binaries for the Lambda runtime, while the interpreter that runs
    here brings the same packages itself.
    """

    def __init__(self, name: str, config: dict[str, Any], code: bytes) -> None:
        python = str(config.get("Runtime", "")).startswith("python")
        super().__init__(name, {**config, "Layers": []} if python else config, code)

    def invoke(self, *arguments: Any, **options: Any) -> dict[str, Any]:
        response: dict[str, Any] = super().invoke(*arguments, **options)
        _ERROR.set(response if response.get("type") else None)
        return response


def _naming_errors(execute: Any) -> Any:
    """Lambda's error payload carries the exception's class name, which Retry and Catch of a state machine match."""

    def execute_function(function: dict[str, Any], event: Any, request_id: str) -> dict[str, Any]:
        _ERROR.set(None)
        result: dict[str, Any] = execute(function, event, request_id)
        error = _ERROR.get()
        if result.get("error") and error:
            trace = [line for line in error.get("trace", "").splitlines() if line.startswith("  ")]
            result["body"] |= {"errorType": error["type"], "requestId": request_id, "stackTrace": trace}
        return result

    return execute_function
