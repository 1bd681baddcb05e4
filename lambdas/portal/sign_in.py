"""Signing in by Cognito's page: the authorization code flow with PKCE, and a session that can be ended at any time."""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol

from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response

from adapters.sign_in_page import SignInPage
from domain.errors import RequestRefused, ServiceUnavailable
from domain.workforce.identity import worker_id
from domain.workforce.model import REVIEWERS, SignedIn
from portal.exchange import Exchange, Refusal, SignInRoute
from portal.pages import page

SESSION_COOKIE, FLOW_COOKIE = "worker-session", "sign-in"
SESSION_SECONDS = 8 * 3600
_FLOW_SECONDS = 900
_FLOW_FIELDS = ("state", "nonce", "verifier")


class Sessions(Protocol):
    """As `adapters.session_store` keeps them."""

    def begin(self, person: SignedIn) -> str: ...

    def find(self, secret: str, now: float) -> SignedIn | None: ...

    def end(self, secret: str) -> None: ...


@dataclass(frozen=True)
class Pool:
    """The Cognito pool whose group of that name may work."""

    region: str
    user_pool: str
    group: str

    @property
    def issuer(self) -> str:
        return f"https://cognito-idp.{self.region}.amazonaws.com/{self.user_pool}"


@dataclass(frozen=True)
class SignIn:
    """The addresses /login, /callback, /logout and /signed-out, and who a request is from."""

    sign_in_page: SignInPage
    pool: Pool
    sessions: Sessions
    clock: Callable[[], float]

    @property
    def routes(self) -> tuple[SignInRoute, ...]:
        return (
            SignInRoute("GET", "/login", self.login),
            SignInRoute("GET", "/callback", self.callback),
            SignInRoute("POST", "/logout", self.logout),
            SignInRoute("GET", "/signed-out", _signed_out),
        )

    def person(self, request: Request) -> SignedIn | None:
        secret = request.cookies.get(SESSION_COOKIE)
        return self.sessions.find(secret, self.clock()) if secret else None

    def login(self, exchange: Exchange) -> Response:
        flow = {name: secrets.token_urlsafe(32) for name in _FLOW_FIELDS}
        response = RedirectResponse(self.sign_in_page.enter(**flow), 303)
        _set(response, exchange, FLOW_COOKIE, ".".join(flow[name] for name in _FLOW_FIELDS), _FLOW_SECONDS)
        return response

    def callback(self, exchange: Exchange) -> Response:
        """Only the browser that set out to sign in may come back: it alone has the state in a cookie."""
        given = exchange.request.query_params
        flow = _flow(exchange.request.cookies.get(FLOW_COOKIE))
        if flow is None or not hmac.compare_digest(given.get("state", "").encode(), flow["state"].encode()):
            raise Refusal(400, "This sign-in was begun elsewhere or long ago.", next_at="/login")
        if "code" not in given:
            raise Refusal(400, f"You are not signed in: {given.get('error_description', 'it was broken off')}.")
        person = self._person(self._claims(given["code"], flow["verifier"]), flow["nonce"])
        response = RedirectResponse("/jobs", 303)
        response.delete_cookie(FLOW_COOKIE)
        _set(response, exchange, SESSION_COOKIE, self.sessions.begin(person), SESSION_SECONDS)
        return response

    def logout(self, exchange: Exchange) -> Response:
        secret = exchange.request.cookies.get(SESSION_COOKIE)
        if secret:
            self.sessions.end(secret)
        leave = self.sign_in_page.leave()
        response: Response = JSONResponse({}) if exchange.as_json else RedirectResponse(leave, 303)
        response.delete_cookie(SESSION_COOKIE)
        return response

    def _claims(self, code: str, verifier: str) -> dict[str, Any]:
        try:
            return self.sign_in_page.claims(code, verifier)
        except RequestRefused as error:
            raise Refusal(400, f"You are not signed in: {error}.", next_at="/login") from error
        except ServiceUnavailable as error:
            raise Refusal(503, f"You are not signed in: {error}. Try again.", next_at="/login") from error

    def _person(self, claims: dict[str, Any], nonce: str) -> SignedIn:
        now = self.clock()
        wanted = {
            "iss": self.pool.issuer,
            "aud": self.sign_in_page.client,
            "token_use": "id",
            "nonce": nonce,
        }
        wrong = [name for name, value in wanted.items() if claims.get(name) != value]
        if wrong or claims.get("exp", 0) <= now:
            raise Refusal(400, f"You are not signed in: the token does not fit ({', '.join(wrong) or 'exp'}).")
        if self.pool.group not in claims.get("cognito:groups", ()):
            raise Refusal(403, "You are signed in, but not one of the people who label here. Ask who invited you.")
        worker = worker_id(self.pool.region, self.pool.user_pool, claims["sub"])
        reviewer = REVIEWERS in claims.get("cognito:groups", ())
        return SignedIn(worker, claims.get("email", ""), "", now + SESSION_SECONDS, reviewer)


def _signed_out(_exchange: Exchange) -> Response:
    return page("signed_out", title="Signed out")


def _flow(cookie: str | None) -> dict[str, str] | None:
    values = (cookie or "").split(".")
    return dict(zip(_FLOW_FIELDS, values, strict=True)) if len(values) == len(_FLOW_FIELDS) else None


def _set(response: Response, exchange: Exchange, name: str, value: str, seconds: int) -> None:
    """Lax, for people come from Cognito's page with them; a POST of another site is refused by its origin."""
    secure = exchange.request.url.scheme == "https"
    response.set_cookie(name, value, max_age=seconds, secure=secure, httponly=True, samesite="lax")
