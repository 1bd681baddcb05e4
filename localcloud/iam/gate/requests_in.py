"""Requests on their way to a service: those of clients, and those of a state machine's `aws-sdk:` tasks."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

import ministack.app
from ministack.core.router import extract_access_key_id

from localcloud.iam.gate import callers, calls, refusals
from localcloud.iam.gate.asked import s3_extra
from localcloud.iam.gate.judge import Judge
from localcloud.iam.gate.resources import as_ministack_says

Handler = Callable[[str, str, dict[str, str], Any, Any], Awaitable[refusals.Answer]]
# What identity providers and people's browsers call has no signature of IAM; STS of one's own name asks for no right.
_UNKNOWN = "the local cloud does not know which action this is: teach localcloud/iam/gate/calls.py"


def register(judge: Judge) -> None:
    for service, handler in list(ministack.app.SERVICE_HANDLERS.items()):
        ministack.app.SERVICE_HANDLERS[service] = _judged(service, handler, judge)


def _judged(service: str, handler: Handler, judge: Judge) -> Handler:
    async def handle(method: str, path: str, headers: dict[str, str], body: Any, query: Any) -> refusals.Answer:
        caller = callers.current() or callers.of_access_key(extract_access_key_id(headers, query))
        refused = _refusal(service, caller, (method, path, headers, body, query), judge) if caller else None
        if refused is not None:
            return refused
        with callers.calling(None):  # what the service itself does meanwhile is not the caller's
            answer = await handler(method, path, headers, body, query)
        if service == "cloudformation" and judge.recorder:
            judge.recorder.note_stacks()
        return answer

    return handle


def _refusal(service: str, caller: callers.Caller, request: Any, judge: Judge) -> refusals.Answer | None:
    method, path, headers, body, query = request
    raw = body.encode() if isinstance(body, str) else body
    form = ministack.app._routing_params(method, path, headers, raw, query)
    call = calls.parse(service, method, path, headers, raw, query)
    if call is None:
        unknown = calls.Call(service, f"{method} {path}", {})
        refused = judge.of_call(caller, unknown)
        return refusals.answer(service, refused[0], f"{refused[1]}; {_UNKNOWN}", headers) if refused else None
    fallback = as_ministack_says(service, method, path, headers, raw, form)
    extra = s3_extra(method, path, headers, raw, query) if service == "s3" else []
    refused = judge.of_call(caller, call, fallback, extra)
    return refusals.answer(service, *refused, headers) if refused else None
