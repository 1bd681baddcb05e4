"""Signing in, choosing the first password, signing out."""

from __future__ import annotations

from typing import Any

from starlette.responses import JSONResponse, RedirectResponse, Response

from localcloud.portal.sessions import COOKIE, Session, end, from_cookie, to_cookie
from localcloud.portal.sign_in import NewPasswordRequired, SignInError, choose_password, password_rule, sign_in
from portal.exchange import Exchange, Refusal
from portal.pages import page


def login_page(exchange: Exchange) -> Response:
    if exchange.person is not None:
        return RedirectResponse("/jobs", 303)
    return page("login", title="Sign in")


def login(exchange: Exchange) -> Response:
    email = _field(exchange, "email").strip()
    try:
        outcome = sign_in(email, _field(exchange, "password"))
    except SignInError as error:
        return _failed(exchange, "login", str(error), title="Sign in", email=email)
    if isinstance(outcome, NewPasswordRequired):
        if exchange.as_json:
            return JSONResponse({"challenge": "NEW_PASSWORD_REQUIRED", "session": outcome.session}, 403)
        return page("new_password", **_new_password(email, outcome.session))
    return _signed_in(exchange, outcome)


def new_password(exchange: Exchange) -> Response:
    email, session = _field(exchange, "email"), _field(exchange, "session")
    password = _field(exchange, "password")
    try:
        if exchange.fields.get("repeated", password) != password:
            raise SignInError("The two passwords differ.")
        outcome = choose_password(email, password, session)
    except SignInError as error:
        return _failed(exchange, "new_password", str(error), **_new_password(email, session))
    return _signed_in(exchange, outcome)


def _new_password(email: str, session: str) -> dict[str, Any]:
    rule = password_rule()
    shown = {"length": rule.length, "words": rule.words}
    return {"title": "Choose a password", "email": email, "session": session, "rule": shown}


def logout(exchange: Exchange) -> Response:
    session = from_cookie(exchange.request.cookies.get(COOKIE))
    if session is not None:
        end(session)
    response: Response = JSONResponse({}) if exchange.as_json else RedirectResponse("/login", 303)
    response.delete_cookie(COOKIE)
    return response


def _signed_in(exchange: Exchange, session: Session) -> Response:
    response: Response = JSONResponse({"worker": session.email}) if exchange.as_json else RedirectResponse("/jobs", 303)
    response.set_cookie(COOKIE, to_cookie(session), httponly=True, samesite="strict")
    return response


def _failed(exchange: Exchange, name: str, message: str, **values: Any) -> Response:
    if exchange.as_json:
        raise Refusal(401, message)
    return page(name, status=401, error=message, **values)


def _field(exchange: Exchange, name: str) -> str:
    value = exchange.fields.get(name)
    if not isinstance(value, str) or not value:
        raise Refusal(400, f"The field {name} is missing.")
    return value
