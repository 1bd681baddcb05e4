"""One request and its answer: the same addresses serve people (HTML) and scripted workers (JSON)."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response

from localcloud.portal.pages import page
from localcloud.portal.sessions import COOKIE, Session, from_cookie

_MAX_BODY = 2_000_000


@dataclass(frozen=True)
class Exchange:
    """A request with its body's fields; `session` is there whenever the worker is signed in."""

    request: Request
    fields: dict[str, Any]
    as_json: bool
    session: Session | None

    @property
    def worker_session(self) -> Session:
        """Raises Refusal when nobody is signed in."""
        if self.session is None:
            raise Refusal(401, "Sign in first.")
        return self.session


class Refusal(Exception):  # noqa: N818  (a refusal is an answer, not a fault)
    """The request is not served; `message` is for the person or script that asked.

    `next_at`: where a person gets the next task, if there may be one.
    """

    def __init__(self, status: int, message: str, *, next_at: str | None = None) -> None:
        super().__init__(message)
        self.status = status
        self.message = message
        self.next_at = next_at


Handler = Callable[[Exchange], Response]


def endpoint(handler: Handler) -> Callable[[Request], Awaitable[Response]]:
    """Make a Starlette endpoint of a handler that may block: it runs on a thread of its own."""

    async def serve(request: Request) -> Response:
        as_json = "application/json" in request.headers.get("accept", "") or _has_json(request)
        try:
            if request.method == "POST":
                _check_origin(request)
            fields = await _fields(request)
            exchange = Exchange(request, fields, as_json, from_cookie(request.cookies.get(COOKIE)))
            return await run_in_threadpool(handler, exchange)
        except Refusal as refusal:
            return _refused(refusal, as_json)

    return serve


def _check_origin(request: Request) -> None:
    """A browser says where a POST comes from; other sites (and the sandboxed task frame) may not post in its name."""
    origin = request.headers.get("origin")
    if origin is not None and origin != f"{request.url.scheme}://{request.url.netloc}":
        raise Refusal(403, f"A page of {origin} may not post to the worker portal.")


async def _fields(request: Request) -> dict[str, Any]:
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > _MAX_BODY:
            raise Refusal(413, f"The request is larger than {_MAX_BODY} bytes.")
    if not _has_json(request):
        return dict(parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True))
    try:
        fields = json.loads(body or b"{}")
    except (ValueError, RecursionError) as error:  # brackets a hundred thousand deep
        raise Refusal(400, f"The request's body is not valid JSON: {error}") from error
    if not isinstance(fields, dict):
        raise Refusal(400, "The request's body must be a JSON object.")
    return fields


def _has_json(request: Request) -> bool:
    return request.headers.get("content-type", "").startswith("application/json")


def _refused(refusal: Refusal, as_json: bool) -> Response:
    if as_json:
        return JSONResponse({"error": refusal.message}, refusal.status)
    if refusal.status == 401:
        return RedirectResponse("/login", 303)
    said = {"message": refusal.message, "next_at": refusal.next_at}
    return page("message", status=refusal.status, title="Go on" if refusal.next_at else "This did not work", **said)
