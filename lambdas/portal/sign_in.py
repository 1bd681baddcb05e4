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
        secret = request.cookies.get(self._named(SESSION_COOKIE))
        return self.sessions.find(secret, self.clock()) if secret else None

    def login(self, _exchange: Exchange) -> Response:
        flow = {name: secrets.token_urlsafe(32) for name in _FLOW_FIELDS}
        response = RedirectResponse(self.sign_in_page.enter(**flow), 303)
        self._keep(response, FLOW_COOKIE, ".".join(flow[name] for name in _FLOW_FIELDS), _FLOW_SECONDS)
        return response

    def callback(self, exchange: Exchange) -> Response:
        """Only the browser that set out to sign in may come back: it alone has the state in a cookie."""
        given = exchange.request.query_params
        flow = _flow(exchange.request.cookies.get(self._named(FLOW_COOKIE)))
        if flow is None or not hmac.compare_digest(given.get("state", "").encode(), flow["state"].encode()):
            raise Refusal(400, "This sign-in was begun elsewhere or long ago.", next_at="/login")
        if "code" not in given:
            raise Refusal(400, f"You are not signed in: {given.get('error_description', 'it was broken off')}.")
        person = self._person(self._claims(given["code"], flow["verifier"]), flow["nonce"])
        response = RedirectResponse("/jobs", 303)
        self._keep(response, FLOW_COOKIE, "", 0)
        self._end(exchange)  # whoever was signed in here before
        self._keep(response, SESSION_COOKIE, self.sessions.begin(person), SESSION_SECONDS)
        return response

    def logout(self, exchange: Exchange) -> Response:
        self._end(exchange)
        leave = self.sign_in_page.leave()
        response: Response = JSONResponse({}) if exchange.as_json else RedirectResponse(leave, 303)
        self._keep(response, SESSION_COOKIE, "", 0)
        return response

    def _end(self, exchange: Exchange) -> None:
        secret = exchange.request.cookies.get(self._named(SESSION_COOKIE))
        if secret:
            self.sessions.end(secret)

    @property
    def _secure(self) -> bool:
        """By our own address, not by what a request says of itself."""
        return self.sign_in_page.back.startswith("https://")

    def _named(self, cookie: str) -> str:
        """With the prefix that no other host of the domain can set, and no page without TLS: RFC 6265bis, 4.1.3.2."""
        return f"__Host-{cookie}" if self._secure else cookie

    def _keep(self, response: Response, cookie: str, value: str, seconds: int) -> None:
        """Lax, for people come from Cognito's page with them; a POST of another site is refused by its origin.

        No seconds: the browser is to forget it."""
        name = self._named(cookie)
        response.set_cookie(name, value, max_age=seconds, secure=self._secure, httponly=True, samesite="lax")

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
        wrong += [] if isinstance(claims.get("sub"), str) else ["sub"]
        wrong += [] if isinstance(claims.get("exp"), (int, float)) and claims["exp"] > now else ["exp"]
        if wrong:
            raise Refusal(400, f"You are not signed in: the token does not fit ({', '.join(wrong)}).")
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
