"""Cognito's hosted sign-in as an application and a browser use it, for the tests."""

from __future__ import annotations

import base64
import hashlib
import html
import json
import re
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx

from tests.localcloud.labeling import GROUP, PASSWORD, invite

VERIFIER = "a-verifier-of-the-application-that-is-43-long-at-least"
CALLBACK = "http://localhost:8000/signed-in"
SIGNED_OUT = "http://localhost:8000/signed-out"


@dataclass(frozen=True)
class Pool:
    """A pool with one public client."""

    id: str
    client_id: str


STRICT = {f"Require{kind}": True for kind in ("Uppercase", "Lowercase", "Numbers", "Symbols")}


def make_pool(
    cognito: Any, prefix: str, *, callback: str = CALLBACK, kinds: dict[str, bool] = STRICT, **settings: Any
) -> Pool:
    policy = {"MinimumLength": 14, **kinds}
    pool = cognito.create_user_pool(PoolName=prefix, UsernameAttributes=["email"], Policies={"PasswordPolicy": policy})[
        "UserPool"
    ]["Id"]
    cognito.create_user_pool_domain(UserPoolId=pool, Domain=prefix)
    cognito.create_group(UserPoolId=pool, GroupName=GROUP)
    public = {
        "AllowedOAuthFlows": ["code"],
        "AllowedOAuthFlowsUserPoolClient": True,
        "AllowedOAuthScopes": ["openid", "email"],
        "CallbackURLs": [callback],
        "LogoutURLs": [SIGNED_OUT],
        "SupportedIdentityProviders": ["COGNITO"],
        "GenerateSecret": False,
        **settings,
    }
    made = cognito.create_user_pool_client(UserPoolId=pool, ClientName="portal", **public)
    return Pool(pool, made["UserPoolClient"]["ClientId"])


def add_user(cognito: Any, pool: Pool, email: str, *, temporary: bool = False) -> None:
    invite(cognito, pool.id, email)
    if not temporary:
        cognito.admin_set_user_password(UserPoolId=pool.id, Username=email, Password=PASSWORD, Permanent=True)


def challenge(verifier: str = VERIFIER) -> str:
    return base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()


def request(pool: Pool, **changes: str) -> dict[str, str]:
    """The parameters of /oauth2/authorize; an empty change leaves one out."""
    given = {
        "response_type": "code",
        "client_id": pool.client_id,
        "redirect_uri": CALLBACK,
        "scope": "openid email",
        "state": "state of the application & more",
        "nonce": "once",
        "code_challenge": challenge(),
        "code_challenge_method": "S256",
        **changes,
    }
    return {name: value for name, value in given.items() if value}


def form(page: httpx.Response, **filled: str) -> dict[str, str]:
    """The hidden fields of a page's form, and what a person fills in."""
    hidden = re.findall(r'type="hidden" name="([^"]*)" value="([^"]*)"', page.text)
    return {name: html.unescape(value) for name, value in hidden} | filled


def sent_back(answer: httpx.Response) -> dict[str, str]:
    """The parameters with which the browser is sent back to the application."""
    assert answer.status_code == 302, answer.text
    assert answer.headers["location"].split("?")[0] == CALLBACK
    return {name: values[0] for name, values in parse_qs(urlsplit(answer.headers["location"]).query).items()}


def signed_in(visit: httpx.Client, pool: Pool, email: str, **changes: str) -> dict[str, str]:
    page = visit.get("/oauth2/authorize", params=request(pool, **changes))
    assert page.status_code == 200, page.text
    return sent_back(visit.post("/login", data=form(page, username=email, password=PASSWORD)))


def exchange(visit: httpx.Client, pool: Pool, code: str, **changes: str) -> httpx.Response:
    given = {
        "grant_type": "authorization_code",
        "client_id": pool.client_id,
        "redirect_uri": CALLBACK,
        "code": code,
        "code_verifier": VERIFIER,
        **changes,
    }
    return visit.post("/oauth2/token", data={name: value for name, value in given.items() if value})


def claims(token: str) -> dict[str, Any]:
    payload = token.split(".")[1]
    found: dict[str, Any] = json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
    return found
