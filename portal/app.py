"""The portal's addresses.

    GET  /jobs                            -> {"jobs": [{"name", "title", "status", "open", "available", …}]}
    GET  /jobs/<name>                     -> {"name", "status", "open", …}
    POST /jobs/<name>/next                -> {"task": {"id", "path", "input", "seconds_left", …} or null, "status"}
    POST /jobs/<name>/undo                -> {"task": …}: the last answer once more; 409 when it is too late
    POST /jobs/<name>/tasks/<id>/submit   {"<element>": …} -> {"status": "submitted"}
    POST /jobs/<name>/tasks/<id>/skip     -> {"status": "skipped"}
    POST /jobs/<name>/tasks/<id>/decline  -> {"status": "declined"}

Reviewers have the same below /jobs/<name>/review: next, undo, <id>, <id>/interface, <id>/skip, and
<id>/submit of {"answer": {"<element>": …} or null where no label fits, "comment"}.

Scripts send and get JSON (Content-Type or Accept: application/json). Errors are {"error"} with 400 (an answer that the
form cannot give), 401 (not signed in) or 404 (no such job, or the task is not this worker's any more). People get
pages, and GET /jobs/<name>/tasks/<id> with the task's interface in a sandboxed frame, …/interface. How people sign in
is the home's own: it brings /login and /logout.
"""

from __future__ import annotations

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

from portal import elements_script, review_views, views
from portal.exchange import Home, endpoint
from portal.headers import SafeHeaders
from portal.pages import STATIC, static_path

# A task's frame has no origin, so its script is another origin's.
_FOR_EVER = {"Cache-Control": "public, max-age=31536000, immutable", "Cross-Origin-Resource-Policy": "cross-origin"}
_TASK = "/jobs/{name}/tasks/{task}"
_REVIEW = "/jobs/{name}/review"


def create_app(home: Home) -> Starlette:
    """The ASGI application. Other host names than the home's are refused: no site can point its own name at it."""
    routes = [
        Route("/", endpoint(home, views.start)),
        Route("/jobs", endpoint(home, views.jobs), methods=["GET"]),
        Route("/jobs/{name}", endpoint(home, views.job), methods=["GET"]),
        Route("/jobs/{name}/next", endpoint(home, views.next_task), methods=["POST"]),
        Route("/jobs/{name}/undo", endpoint(home, views.undo), methods=["POST"]),
        Route(_TASK, endpoint(home, views.task), methods=["GET"]),
        Route(f"{_TASK}/interface", endpoint(home, views.interface), methods=["GET"]),
        Route(f"{_TASK}/submit", endpoint(home, views.submit), methods=["POST"]),
        Route(f"{_TASK}/skip", endpoint(home, views.skip), methods=["POST"]),
        Route(f"{_TASK}/decline", endpoint(home, views.decline), methods=["POST"]),
        Route(_REVIEW, endpoint(home, review_views.waiting), methods=["GET"]),
        Route(f"{_REVIEW}/next", endpoint(home, review_views.next_task), methods=["POST"]),
        Route(f"{_REVIEW}/undo", endpoint(home, review_views.undo), methods=["POST"]),
        Route(f"{_REVIEW}/{{task}}", endpoint(home, review_views.task), methods=["GET"]),
        Route(f"{_REVIEW}/{{task}}/interface", endpoint(home, review_views.interface), methods=["GET"]),
        Route(f"{_REVIEW}/{{task}}/submit", endpoint(home, review_views.submit), methods=["POST"]),
        Route(f"{_REVIEW}/{{task}}/skip", endpoint(home, review_views.skip), methods=["POST"]),
        Route("/preview/{name}", endpoint(home, views.preview), methods=["GET"]),
        Route("/preview/{name}/interface", endpoint(home, views.preview_interface), methods=["GET"]),
        *(Route(sign_in.path, endpoint(home, sign_in.handler), methods=[sign_in.method]) for sign_in in home.sign_in),
        Route(f"{static_path()}/{elements_script.NAME}", _elements),
        Mount(static_path(), _Kept(directory=STATIC)),
    ]
    hosts = Middleware(TrustedHostMiddleware, allowed_hosts=list(home.hosts))
    compressed = Middleware(GZipMiddleware, minimum_size=1_000)
    return Starlette(routes=routes, middleware=[Middleware(SafeHeaders), hosts, compressed])


async def _elements(_request: Request) -> Response:
    script = elements_script.elements_script()
    return Response(script, media_type="text/javascript", headers=_FOR_EVER)


class _Kept(StaticFiles):
    """Files whose address changes with their content."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        response = await super().get_response(path, scope)
        response.headers.update(_FOR_EVER)
        return response
