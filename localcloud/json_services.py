"""Services of JSON 1.1 that ministack lacks, put before its own."""

from __future__ import annotations

import json
import sys
import types
from collections.abc import Awaitable, Callable
from typing import Any

import ministack.app
from ministack.core import iam_actions, router

Response = tuple[int, dict[str, str], bytes]
Handler = Callable[[str, str, dict[str, str], bytes, Any], Awaitable[Response]]


def add(name: str, target: str, handle: Handler, reset: Callable[[], None] = lambda: None) -> None:
    """Route requests whose X-Amz-Target begins with `target` to `handle`. First of all: others match any target."""
    module = types.ModuleType(f"ministack.services.{name}")
    module.__dict__.update(handle_request=handle, reset=reset, get_state=dict, load_persisted_state=lambda _state: None)
    sys.modules[module.__name__] = module
    ministack.app.SERVICE_REGISTRY[name] = {"module": name, "aliases": (f"api.{name}",)}
    ministack.app.SERVICE_HANDLERS[name] = ministack.app._lazy_handler(name)
    pattern = {"target_prefixes": [target], "host_patterns": [rf"api\.{name}\."]}
    others = dict(router.SERVICE_PATTERNS)
    router.SERVICE_PATTERNS.clear()
    router.SERVICE_PATTERNS.update({name: pattern, **others})
    iam_actions.SERVICE_TO_IAM_NAMESPACE[name] = name


def answer(status: int, content: dict[str, Any]) -> Response:
    return status, {"Content-Type": "application/x-amz-json-1.1"}, json.dumps(content).encode()


def error(code: str, message: str, status: int = 400) -> Response:
    return answer(status, {"__type": code, "message": message})
