"""Addresses that a browser may read an object by, and how the endpoint knows that they were made here.

The account's key is no secret in the local cloud, so any page could presign an address of its own. What runs in it (a
function, the portal) therefore signs with a secret that only this server and they have.

https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-query-string-auth.html
"""

from __future__ import annotations

import calendar
import hashlib
import hmac
import secrets
import time
from typing import Any
from urllib.parse import parse_qsl

from ministack.core import lambda_runtime

SECRET = secrets.token_hex(32)
_ALGORITHM, _SIGNATURE = "AWS4-HMAC-SHA256", "X-Amz-Signature"


def register() -> None:
    """Functions get the secret with their credentials."""
    given = lambda_runtime.execution_credentials

    def execution_credentials(config: dict[str, Any]) -> dict[str, str]:
        credentials: dict[str, str] = given(config)
        return credentials if credentials.get("AWS_SESSION_TOKEN") else {**credentials, "AWS_SECRET_ACCESS_KEY": SECRET}

    lambda_runtime.execution_credentials = execution_credentials


def was_made_here(scope: dict[str, Any]) -> bool:
    """Whether a request (an ASGI scope) has an address for reading that was signed with the secret and still holds."""
    pairs = dict(parse_qsl(scope["query_string"].decode("latin-1"), keep_blank_values=True))
    if scope.get("method") != "GET" or pairs.get("X-Amz-Algorithm") != _ALGORITHM or not _holds(pairs):
        return False
    (host,) = [value.decode("latin-1") for name, value in scope["headers"] if name.lower() == b"host"]
    return hmac.compare_digest(_signature(scope, pairs, host).encode(), pairs.get(_SIGNATURE, "").encode())


def access_key(scope: dict[str, Any]) -> str:
    """Of who made the address."""
    pairs = dict(parse_qsl(scope["query_string"].decode("latin-1"), keep_blank_values=True))
    return str(pairs.get("X-Amz-Credential", "")).partition("/")[0]


def without_signature(scope: dict[str, Any]) -> dict[str, Any]:
    """The request as whoever holds the secret would make it: ministack knows no key with this secret. That it was
    signed is still said, for only then may it name headers of the answer."""
    parts = scope["query_string"].split(b"&")
    kept = (part for part in parts if not part.startswith(b"X-Amz-") or part.startswith(b"X-Amz-Algorithm="))
    return {**scope, "query_string": b"&".join(kept)}


def _holds(pairs: dict[str, str]) -> bool:
    try:
        begun = calendar.timegm(time.strptime(pairs["X-Amz-Date"], "%Y%m%dT%H%M%SZ"))
        return begun - 60 <= time.time() < begun + int(pairs["X-Amz-Expires"])
    except (KeyError, ValueError):
        return False


def _signature(scope: dict[str, Any], pairs: dict[str, str], host: str) -> str:
    parts = scope["query_string"].decode("latin-1").split("&")
    query = "&".join(sorted(part for part in parts if not part.startswith(f"{_SIGNATURE}=")))
    path = scope["raw_path"].decode("latin-1").partition("?")[0]
    canonical = "\n".join(["GET", path, query, f"host:{host}", "", "host", "UNSIGNED-PAYLOAD"])
    _, _, credential = pairs.get("X-Amz-Credential", "").partition("/")
    stated = [_ALGORITHM, pairs.get("X-Amz-Date", ""), credential, hashlib.sha256(canonical.encode()).hexdigest()]
    key = f"AWS4{SECRET}".encode()
    for part in credential.split("/"):
        key = hmac.digest(key, part.encode(), "sha256")
    return hmac.new(key, "\n".join(stated).encode(), hashlib.sha256).hexdigest()
