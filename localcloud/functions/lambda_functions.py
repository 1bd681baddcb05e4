"""Lambda functions as local processes: the project's Python, its packages, and AWS's error payloads."""

from __future__ import annotations

import contextvars
import json
import os
import queue
import re
import subprocess
import time
from collections.abc import Callable
from typing import Any

from ministack.core import lambda_runtime
from ministack.services import cloudwatch_logs, lambda_svc

from localcloud.functions import deaths
from localcloud.functions.sandbox import Sandbox

RESPONSE_LIMIT_BYTES = 6_291_556
_DIED = "Worker process died"  # ministack's words
_FAILURE: contextvars.ContextVar[dict[str, Any] | None] = contextvars.ContextVar("lambda_failure", default=None)
# How ministack's workers report an exception of the handler, and how they shall: with the exception's name, and not as
# an "error", after which ministack ends the process. On AWS an exception does not cost the next call a cold start.
_PYTHON_REPORT = '{"status": "error", "error": str(e), "trace": traceback.format_exc()}'
_PYTHON_NAMED = '{"status": "ok", "failed": type(e).__name__, "error": str(e), "trace": traceback.format_exc()}'
_NODE_REPORT = 'status: "error", error: String(err.message || err), trace: err.stack || ""'
_NODE_NAMED = 'status: "ok", failed: err.name || "Error", error: String(err.message || err), trace: err.stack || ""'
# ministack waits for log lines that may still come, 50 ms when there are none. The worker says when there are no more.
_LOG_END = "\0end of the invocation's log\0"
_LOG_SECONDS = 0.25
_PYTHON_ANSWERED = "        _real_stdout.flush()\n\nrun()"
_PYTHON_LOGGED = f"""        try:
            sys.stderr.flush()
            os.write(2, {_LOG_END!r}.encode() + b"\\n")
        except (OSError, ValueError):
            pass
{_PYTHON_ANSWERED}"""
# The hosted sign-in of every user pool is at the endpoint.
_SIGN_IN_HOST = re.compile(r"https://[a-z0-9-]+\.auth\.[a-z0-9-]+\.amazoncognito\.com(?![\w-]|\.\w)", re.IGNORECASE)


def register(python: str) -> None:
    """Run Python functions with the interpreter `python`; Node functions find packages in the server's NODE_PATH."""
    os.environ.pop("PYTHONPATH", None)  # a function imports its own code, never the working copy
    scripts = {
        "python": _replaced(
            _replaced(lambda_runtime._PYTHON_WORKER_SCRIPT, _PYTHON_REPORT, _PYTHON_NAMED),
            _PYTHON_ANSWERED,
            _PYTHON_LOGGED,
        ),
        "nodejs": _replaced(lambda_runtime._NODEJS_WORKER_SCRIPT, _NODE_REPORT, _NODE_NAMED),
    }

    def detect(runtime: str) -> tuple[str, str]:
        language = runtime.rstrip("0123456789.x")
        return {"python": python, "nodejs": "node"}.get(language, ""), scripts.get(language, "")

    lambda_runtime._detect_runtime_binary = detect
    lambda_runtime.subprocess = _Subprocess(Sandbox(python))
    lambda_runtime.Worker = _Worker
    lambda_svc._execute_function_warm = _naming_failures(lambda_svc._execute_function_warm)
    lambda_svc._emit_lambda_logs = _sparing_deleted_groups(lambda_svc._emit_lambda_logs)


def _replaced(script: str, old: str, new: str) -> str:
    if old not in script:
        raise RuntimeError(f"ministack's Lambda worker lacks {old!r}: adapt localcloud/functions/lambda_functions.py")
    return script.replace(old, new)


class _Subprocess:
    """The module `subprocess` as ministack's Lambda runtime sees it."""

    def __init__(self, sandbox: Sandbox) -> None:
        self.Popen = sandbox.popen

    def __getattr__(self, name: str) -> Any:
        return getattr(subprocess, name)


class _Worker(lambda_runtime.Worker):  # type: ignore[misc]
    """A worker that outlives exceptions of its handler.

    Python functions get no layers: layers hold binaries for the Lambda runtime, while the interpreter that runs
    here brings the same packages itself.
    """

    def __init__(self, name: str, config: dict[str, Any], code: bytes) -> None:
        self._is_python = str(config.get("Runtime", "")).startswith("python")
        own = {**config, "Environment": _at_the_endpoint(config.get("Environment") or {})}
        super().__init__(name, {**own, "Layers": []} if self._is_python else own, code)

    def invoke(self, *arguments: Any, **options: Any) -> dict[str, Any]:
        with deaths.planned(self) as killed:
            try:
                response: dict[str, Any] = super().invoke(*arguments, **options)
            except RuntimeError:  # what ministack says of a process that ends while it starts
                if not killed.is_set():
                    raise
                response = {"status": "error", "error": _DIED}
        if killed.is_set() and response["status"] == "error":
            response["error"] = _DIED  # and not what its broken pipe says
        if "failed" in response:
            _FAILURE.set(response)
            response["status"] = "error"
        return response

    def _drain_stderr_bounded(self, *arguments: Any, **options: Any) -> str:
        if not self._is_python:
            return str(super()._drain_stderr_bounded(*arguments, **options))
        lines, deadline, ended = [], time.monotonic() + _LOG_SECONDS, ""
        while not ended:
            try:
                line = self._stderr_queue.get(timeout=max(0.0, deadline - time.monotonic()))
            except queue.Empty:
                break
            text, ended, _ = line.partition(_LOG_END)
            lines += [text] if text or not ended else []
        return "\n".join(lines)


def _at_the_endpoint(environment: dict[str, Any]) -> dict[str, Any]:
    """AWS's host names of the hosted sign-in replaced; the function's configuration stays as it was deployed."""
    endpoint, variables = os.environ["AWS_ENDPOINT_URL"], environment.get("Variables") or {}
    return {**environment, "Variables": {k: _SIGN_IN_HOST.sub(endpoint, str(v)) for k, v in variables.items()}}


def _naming_failures(execute: Callable[..., dict[str, Any]]) -> Callable[..., dict[str, Any]]:
    """Lambda's error payload carries the exception's class name, which Retry and Catch of a state machine match.

    A process that ended is Runtime.ExitError, an answer of over 6 MB Function.ResponseSizeTooLarge, as Lambda's runtime
    interface emulator has it: https://github.com/aws/aws-lambda-runtime-interface-emulator
    """

    def execute_function(function: dict[str, Any], event: Any, request_id: str) -> dict[str, Any]:
        _FAILURE.set(None)
        result = execute(function, event, request_id)
        failure = _FAILURE.get()
        if result.get("error") and result["body"].get("errorMessage") == _DIED:
            result["body"] = _error("Runtime.ExitError", f"RequestId: {request_id} Error: Runtime exited with error")
        elif not result.get("error") and _size(result["body"]) > RESPONSE_LIMIT_BYTES:
            message = f"Response payload size exceeded maximum allowed payload size ({RESPONSE_LIMIT_BYTES} bytes)."
            result |= {"body": _error("Function.ResponseSizeTooLarge", message), "error": True}
        if failure and result.get("error"):
            trace = [line for line in failure.get("trace", "").splitlines() if line.startswith("  ")]
            result["body"] |= {"errorType": failure["failed"], "requestId": request_id, "stackTrace": trace}
        return result

    return execute_function


def _error(kind: str, message: str) -> dict[str, str]:
    return {"errorType": kind, "errorMessage": message}


def _size(answer: Any) -> int:
    return len(json.dumps(answer, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "surrogatepass"))


def _sparing_deleted_groups(emit: Callable[..., None]) -> Callable[..., None]:
    """A function that is gone makes no log group again: its role, which would have to allow that, is gone too.

    A custom resource answers CloudFormation before its function returns, so this happens at every stack's end.
    """

    def emit_logs(function: dict[str, Any], *arguments: Any, **options: Any) -> None:
        config = function.get("config") or function
        name = config.get("FunctionName", "")
        group = (config.get("LoggingConfig") or {}).get("LogGroup") or f"/aws/lambda/{name}"
        if name in lambda_svc._functions or group in cloudwatch_logs._log_groups:
            emit(function, *arguments, **options)

    return emit_logs
