"""The worker portal's pages with Ground Truth's jobs behind them, and a sign-in of its own.

    POST /login               {"email", "password"}              -> {"worker"} and the session's cookie
                              403 {"challenge": "NEW_PASSWORD_REQUIRED", "session"} while the password is temporary
    POST /login/new-password  {"email", "password", "session"}   -> {"worker"} and the session's cookie
    POST /logout              -> ends the session

The other addresses are in portal/app.py.
"""

from __future__ import annotations

from starlette.applications import Starlette
from starlette.requests import Request

import portal
from localcloud.portal import sign_in_views
from localcloud.portal.sessions import COOKIE, Session, from_cookie
from localcloud.portal.work import GroundTruthWork
from portal.exchange import SignInRoute

_SIGN_IN = (
    SignInRoute("GET", "/login", sign_in_views.login_page),
    SignInRoute("POST", "/login", sign_in_views.login),
    SignInRoute("POST", "/login/new-password", sign_in_views.new_password),
    SignInRoute("POST", "/logout", sign_in_views.logout),
)


def create_app() -> Starlette:
    """The ASGI application."""
    home = portal.Home(GroundTruthWork(), _SIGN_IN, _person, hosts=("127.0.0.1", "localhost"))
    return portal.create_app(home)


def _person(request: Request) -> Session | None:
    return from_cookie(request.cookies.get(COOKIE))
