"""HTTP to a Label Studio server: bounded time, bounded retries, and a token that no message shows."""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import urllib3

from domain.errors import AccessDenied, AwsError, NotFound, RequestRefused, ServiceUnavailable

_TIMEOUT = urllib3.Timeout(connect=3, read=25)
_ATTEMPTS = 4
_BUSY = (429, 503)
"""Said before anything was done, so that any request may be sent again."""
_LONGEST_PAUSE = 8.0
_TOLD = 300  # characters of what the server said
Token = Callable[[], str]


@dataclass(frozen=True)
class Call:
    method: str
    path: str
    body: object = None
    anonymous: bool = False

    @property
    def repeatable(self) -> bool:
        return self.method in ("GET", "PATCH")


class LabelStudioHttp:
    """`token` gives the API token: an old one of 40 digits, or a personal access token, which is a JWT by which the
    server gives out one for five minutes."""

    def __init__(self, pool: urllib3.PoolManager, url: str, token: Token, pause: Callable[[float], None]) -> None:
        self._pool = pool
        self.url = url.rstrip("/")
        self._token = token
        self._pause = pause
        self._access = ""

    def ask(self, call: Call) -> Any:
        """The answer's JSON."""
        status, answer = self._sent(call)
        if status == 401 and self._access:  # its five minutes are over
            self._access = ""
            status, answer = self._sent(call)
        if 200 <= status < 300 and answer is not None:
            return answer
        raise _meaning(status)(
            f"Label Studio at {self.url}, {call.method} {call.path.split('?')[0]}: {_said(status, answer)}"
        )

    def _sent(self, call: Call) -> tuple[int, Any]:
        headers = {} if call.anonymous else self._authorization()
        for attempt in range(1, _ATTEMPTS + 1):
            last = attempt == _ATTEMPTS
            try:
                status, answer, wait = self._once(call, headers)
            except urllib3.exceptions.HTTPError as error:
                never_sent = isinstance(
                    error, urllib3.exceptions.ConnectTimeoutError | urllib3.exceptions.NewConnectionError
                )
                if last or not (call.repeatable or never_sent):
                    raise ServiceUnavailable(
                        f"Label Studio at {self.url} does not answer: {type(error).__name__}"
                    ) from error
                wait = 0.0
            else:
                if last or not (status in _BUSY or (status >= 500 and call.repeatable)):
                    return status, answer
            self._pause(min(_LONGEST_PAUSE, max(wait, random.uniform(0, 2 ** (attempt - 1)))))  # noqa: S311 - no secret
        raise AssertionError("the last attempt returns or raises")

    def _once(self, call: Call, headers: Mapping[str, str]) -> tuple[int, Any, float]:
        """Follows no redirect: the token is for this server only."""
        given = {"Accept": "application/json", **headers}
        body = None
        if call.body is not None:
            given["Content-Type"], body = "application/json", json.dumps(call.body).encode()
        answer = self._pool.request(
            call.method, self.url + call.path, headers=given, body=body, timeout=_TIMEOUT, retries=False, redirect=False
        )
        after = answer.headers.get("Retry-After", "")
        return answer.status, _parsed(answer.data), float(after) if after.isdigit() else 0.0

    def _authorization(self) -> dict[str, str]:
        token = self._token()
        if token.count(".") != 2:
            return {"Authorization": f"Token {token}"}
        if not self._access:
            given = self.ask(Call("POST", "/api/token/refresh", {"refresh": token}, anonymous=True))
            self._access = str(given["access"])
        return {"Authorization": f"Bearer {self._access}"}


def _meaning(status: int) -> type[AwsError]:
    if status in (401, 403):
        return AccessDenied
    if status == 404:
        return NotFound
    return ServiceUnavailable if status >= 500 or status == 429 else RequestRefused


def _parsed(data: bytes) -> Any:
    try:
        return json.loads(data) if data else {}
    except ValueError:
        return None


def _said(status: int, answer: Any) -> str:
    if 300 <= status < 400:
        return f"{status}: it sends on to another address; name that one in labeling.label_studio_url"
    if not isinstance(answer, dict):
        return f"{status}: no JSON; is it a Label Studio server?"
    told = answer.get("validation_errors") or answer.get("detail") or answer
    return f"{status}: {json.dumps(told, ensure_ascii=False)[:_TOLD]}"
