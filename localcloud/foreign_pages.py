"""Keeps web pages away from the endpoint: whatever a browser shows could otherwise run code as the user.

The endpoint obeys anybody who reaches it, and a page reaches 127.0.0.1. A browser tells on the page:

* Host names what the page believes to speak to. A name that its owner turned to 127.0.0.1 (DNS rebinding) is foreign;
  `localhost` and names below it always mean this machine (https://www.rfc-editor.org/rfc/rfc6761#section-6.3).
* Origin goes with each POST and each fetch of another origin (https://fetch.spec.whatwg.org/#origin-header).
* Sec-Fetch-Site goes with everything else, images and links too (https://www.w3.org/TR/fetch-metadata/).

AWS's clients send none of the last two. Two pages need the endpoint. A task's interface shows an image: it has no
origin ("null", as any page's sandboxed frame has), so its GET is known by its signature (presigned.py). And
Cognito's hosted sign-in is for browsers: any page may lead to it, as a whole page and not in a frame, and its forms
come from its own pages.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable
from typing import Any
from urllib.parse import urlsplit

from localcloud import presigned
from localcloud.ground_truth import portal_address

_LOOPBACK = ("127.0.0.1", "::1", "localhost")
_OWN_SITES = ("same-origin", "none")  # "none": the user typed the address

# Cognito's hosted sign-in: where other pages lead the browser to, and where its own forms go.
_VISITED = ("/oauth2/authorize", "/logout")
_FORM = "/login"

Headers = Iterable[tuple[bytes, bytes]]
Send = Callable[[dict[str, Any]], Awaitable[None]]


def refusal(scope: dict[str, Any]) -> str | None:
    """Why a request (an ASGI scope of HTTP or a WebSocket) is not served; None when it is."""
    headers = scope["headers"]
    if reason := foreign_host(headers):
        return reason
    if presigned.was_made_here(scope) or _is_of_the_hosted_sign_in(scope):
        return None
    own = f"http://{portal_address.sub_domain()}"
    origins = [origin for origin in _values(headers, b"origin") if origin != own]
    if origins:
        return f"A page of {origins[0]} may not use the local cloud: only AWS's clients and the worker portal may."
    sites = [site for site in _values(headers, b"sec-fetch-site") if site not in _OWN_SITES]
    if sites and not _values(headers, b"origin"):
        return f"A page of another origin ({sites[0]}) may not use the local cloud: type or paste the address instead."
    return None


def foreign_host(headers: Headers) -> str | None:
    """Why a request is not for this machine; None when it is."""
    foreign = [host for host in _values(headers, b"host") if not _is_loopback(host)]
    if foreign:
        return f"The local cloud answers to 127.0.0.1 and localhost only, not to the host {foreign[0]}."
    return None


async def refuse(scope: dict[str, Any], send: Send, reason: str) -> None:
    """Without any CORS header, so that a preflight fails and a page cannot read why."""
    if scope["type"] == "websocket":
        await send({"type": "websocket.close", "code": 1008, "reason": reason})
        return
    headers = [(b"content-type", b"text/plain; charset=utf-8")]
    await send({"type": "http.response.start", "status": 403, "headers": headers})
    await send({"type": "http.response.body", "body": f"{reason}\n".encode()})


def _values(headers: Headers, name: bytes) -> list[str]:
    return [value.decode("latin-1") for key, value in headers if key.lower() == name]


def _is_loopback(host: str) -> bool:
    try:
        name = (urlsplit(f"//{host}").hostname or "").rstrip(".")
    except ValueError:
        return False
    return name in _LOOPBACK or name.endswith(".localhost")


def _is_of_the_hosted_sign_in(scope: dict[str, Any]) -> bool:
    headers, request = scope["headers"], (scope.get("method"), scope["path"])
    if request in [("GET", path) for path in _VISITED]:
        visit = _values(headers, b"sec-fetch-mode") == ["navigate"] and _values(headers, b"sec-fetch-dest") == [
            "document"
        ]
        return visit and not _values(headers, b"origin")
    own = [f"http://{host}" for host in _values(headers, b"host")]
    same = _values(headers, b"sec-fetch-site") in ([], ["same-origin"])
    return request == ("POST", _FORM) and same and _values(headers, b"origin") == own
