"""The portal's addresses.

    POST /login               {"email", "password"}              -> {"worker"} and the session's cookie
                              403 {"challenge": "NEW_PASSWORD_REQUIRED", "session"} while the password is temporary
    POST /login/new-password  {"email", "password", "session"}   -> {"worker"} and the session's cookie
    POST /logout              -> ends the session
    GET  /jobs                -> {"jobs": [{"name", "title", "status", "open", "available", …}]}
    POST /jobs/<name>/next    -> {"task": {"id", "input", "seconds_left", …} or null, "status"}
    POST /jobs/<name>/undo    -> {"task": …}: the last answer once more; 409 when it is part of a label
    POST /tasks/<id>/submit   {"crowd-image-classifier": {"label"}} -> {"status": "submitted"}
    POST /tasks/<id>/skip     -> {"status": "skipped"}
    POST /tasks/<id>/decline  -> {"status": "declined"}

Scripts send and get JSON (Content-Type or Accept: application/json). Errors are {"error"} with 400 (an answer that the
form cannot give), 401 (not signed in) or 404 (no such job, or the task is not this worker's any more). People get
pages, and GET /tasks/<id> with the task's interface in a sandboxed frame, GET /tasks/<id>/interface.
"""

from __future__ import annotations

from pathlib import Path

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from localcloud.portal import sign_in_views, views
from localcloud.portal.exchange import endpoint

STATIC = Path(__file__).with_name("static")


def create_app() -> Starlette:
    """The ASGI application. Other host names are refused, so that no site can point its own name at the portal."""
    routes = [
        Route("/", endpoint(views.home)),
        Route("/login", endpoint(sign_in_views.login_page), methods=["GET"]),
        Route("/login", endpoint(sign_in_views.login), methods=["POST"]),
        Route("/login/new-password", endpoint(sign_in_views.new_password), methods=["POST"]),
        Route("/logout", endpoint(sign_in_views.logout), methods=["POST"]),
        Route("/jobs", endpoint(views.jobs), methods=["GET"]),
        Route("/jobs/{name}", endpoint(views.job), methods=["GET"]),
        Route("/jobs/{name}/next", endpoint(views.next_task), methods=["POST"]),
        Route("/jobs/{name}/undo", endpoint(views.undo), methods=["POST"]),
        Route("/tasks/{task}", endpoint(views.task), methods=["GET"]),
        Route("/tasks/{task}/interface", endpoint(views.interface), methods=["GET"]),
        Route("/tasks/{task}/submit", endpoint(views.submit), methods=["POST"]),
        Route("/tasks/{task}/skip", endpoint(views.skip), methods=["POST"]),
        Route("/tasks/{task}/decline", endpoint(views.decline), methods=["POST"]),
        Mount("/static", StaticFiles(directory=STATIC)),
    ]
    hosts = Middleware(TrustedHostMiddleware, allowed_hosts=["127.0.0.1", "localhost"])
    return Starlette(routes=routes, middleware=[hosts])
