"""One request and its answer: the same addresses serve people (HTML) and scripted workers (JSON)."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response

from portal.body import MOST_BYTES, BadBody, form_fields, json_fields
from portal.pages import let_forms_lead_to, page
from portal.work import Person, Reviews, Work

_LONGEST_NAME = 200
"""Characters. A job's name has at most 63, a task's and a preview's less."""
_LOG = logging.getLogger(__name__)


@dataclass(frozen=True)
class SignInRoute:
    """One address of a home's own way to sign in."""

    method: str
    path: str
    handler: Handler


@dataclass(frozen=True)
class Home:
    """Where the portal runs: the jobs, how people sign in, who a request is from, and the host names that are ours.

    `sign_in_origin`: of a sign-in page that is not our own. `busy`: what is raised when another try may help.
    `reviews`: what reviewers decide, where there is such a thing.
    """

    work: Work
    sign_in: Sequence[SignInRoute]
    person: Callable[[Request], Any]
    hosts: Sequence[str]
    sign_in_origin: str = ""
    busy: tuple[type[Exception], ...] = ()
    reviews: Reviews | None = None


@dataclass(frozen=True)
class Exchange:
    """A request with its body's fields; `person` is there whenever the worker is signed in."""

    request: Request
    fields: dict[str, Any]
    as_json: bool
    home: Home
    person: Person | None

    @property
    def work(self) -> Work:
        return self.home.work

    @property
    def worker(self) -> Person:
        """Raises Refusal when nobody is signed in."""
        if self.person is None:
            raise Refusal(401, "Sign in first.")
        return self.person


class Refusal(Exception):  # noqa: N818  (a refusal is an answer, not a fault)
    """The request is not served; `message` is for the person or script that asked.

    `next_at`: where a person gets the next task, if there may be one.
    """

    def __init__(self, status: int, message: str, *, next_at: str | None = None) -> None:
        super().__init__(message)
        self.status = status
        self.message = message
        self.next_at = next_at


Handler = Callable[["Exchange"], Response]


def endpoint(home: Home, handler: Handler) -> Callable[[Request], Awaitable[Response]]:
    """Make a Starlette endpoint of a handler that may block: it runs on a thread of its own."""

    async def serve(request: Request) -> Response:
        as_json = "application/json" in request.headers.get("accept", "") or _has_json(request)
        try:
            _check_names(request)
            if request.method == "POST":
                _check_origin(request)
            fields = await _fields(request)
            return await run_in_threadpool(_handled, home, handler, request, fields, as_json)
        except Refusal as refusal:
            return _refused(refusal, as_json)
        except home.busy:
            _LOG.exception("%s %s", request.method, request.url.path)
            return _refused(Refusal(503, "The portal is busy at this moment. Try again."), as_json)

    return serve


def _handled(home: Home, handler: Handler, request: Request, fields: dict[str, Any], as_json: bool) -> Response:
    """On a thread: who it is may be a question to a database."""
    response = handler(Exchange(request, fields, as_json, home, home.person(request)))
    if home.sign_in_origin and "text/html" in response.headers.get("content-type", ""):
        let_forms_lead_to(home.sign_in_origin, response)
    return response


def _check_names(request: Request) -> None:
    """What stands in an address becomes a key of a database and a word of a log: nothing of ours is named like that."""
    for name in request.path_params.values():
        if len(str(name)) > _LONGEST_NAME or not str(name).isprintable():
            raise Refusal(404, "There is nothing of that name.")


def _check_origin(request: Request) -> None:
    """A browser says where a POST comes from; other sites (and the sandboxed task frame) may not post in its name.

    By both headers, for a page may keep one to itself: https://www.w3.org/TR/fetch-metadata/#sec-fetch-site-header
    """
    origin, site = request.headers.get("origin"), request.headers.get("sec-fetch-site", "same-origin")
    if origin is not None and origin != f"{request.url.scheme}://{request.url.netloc}":
        raise Refusal(403, f"A page of {origin} may not post to the worker portal.")
    if site not in ("same-origin", "none"):
        raise Refusal(403, "A page of another site may not post to the worker portal.")


async def _fields(request: Request) -> dict[str, Any]:
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > MOST_BYTES:
            raise Refusal(413, f"The request is larger than {MOST_BYTES} bytes.")
    try:
        return json_fields(body) if _has_json(request) else form_fields(body)
    except BadBody as error:
        raise Refusal(400, str(error)) from error


def _has_json(request: Request) -> bool:
    return request.headers.get("content-type", "").startswith("application/json")


def _refused(refusal: Refusal, as_json: bool) -> Response:
    if as_json:
        return JSONResponse({"error": refusal.message}, refusal.status)
    if refusal.status == 401:
        return RedirectResponse("/login", 303)
    said: dict[str, Any] = {"message": refusal.message, "next_at": refusal.next_at}
    return page("message", status=refusal.status, title="Go on" if refusal.next_at else "This did not work", **said)
