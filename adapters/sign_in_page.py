"""Cognito's sign-in page: where it is, and what it gives for the code with which people come back.

https://docs.aws.amazon.com/cognito/latest/developerguide/authorization-endpoint.html, token-endpoint.html,
logout-endpoint.html; the code's proof is RFC 7636.
"""

from __future__ import annotations

import base64
import hashlib
import json
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

import urllib3
from urllib3.exceptions import HTTPError

from domain.errors import RequestRefused, ServiceUnavailable

_SECONDS = urllib3.Timeout(connect=3, read=10)


@dataclass(frozen=True)
class SignInPage:
    """`address` is the pool's domain; it sends `back` who has signed in, and to `goodbye` who has signed out."""

    address: str
    client: str
    back: str
    goodbye: str

    def enter(self, state: str, nonce: str, verifier: str) -> str:
        """Where a browser goes to sign in. `verifier` stays with us until it comes back."""
        return f"{self.address}/oauth2/authorize?" + urlencode(
            {
                "response_type": "code",
                "client_id": self.client,
                "redirect_uri": self.back,
                "scope": "openid email",
                "state": state,
                "nonce": nonce,
                "code_challenge": challenge(verifier),
                "code_challenge_method": "S256",
            }
        )

    def leave(self) -> str:
        """Where a browser goes to forget who signed in."""
        return f"{self.address}/logout?" + urlencode({"client_id": self.client, "logout_uri": self.goodbye})

    def claims(self, code: str, verifier: str) -> dict[str, Any]:
        """What the ID token says. It comes from Cognito itself over TLS, which proves it as its signature would.

        https://openid.net/specs/openid-connect-core-1_0.html#IDTokenValidation, 6

        Raises:
            RequestRefused: the code is no good any more.
            ServiceUnavailable: Cognito did not answer, or not with a token; worth another try.
        """
        fields = {
            "grant_type": "authorization_code",
            "client_id": self.client,
            "code": code,
            "redirect_uri": self.back,
            "code_verifier": verifier,
        }
        try:
            answer = urllib3.request(
                "POST",
                f"{self.address}/oauth2/token",
                body=urlencode(fields),
                headers={"Content-Type": "application/x-www-form-urlencoded"},
                timeout=_SECONDS,
                retries=False,
                redirect=False,
            )
        except HTTPError as error:
            raise ServiceUnavailable(f"the sign-in page did not answer: {type(error).__name__}") from error
        if answer.status >= 500:
            raise ServiceUnavailable(f"the sign-in page answered {answer.status}")
        if answer.status != 200:
            raise RequestRefused("this sign-in was used before or took too long")
        try:
            return _claims_of(json.loads(answer.data)["id_token"])
        except (AttributeError, IndexError, KeyError, TypeError, ValueError) as error:  # which would show the token
            raise ServiceUnavailable("the sign-in page gave no token that can be read") from error


def challenge(verifier: str) -> str:
    return base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()


def _claims_of(token: str) -> dict[str, Any]:
    payload = token.split(".")[1]
    claims = json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
    return dict(claims.items())
