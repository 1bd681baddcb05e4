"""Keeps web pages away from the endpoint: whatever a browser shows could otherwise run code as the user.

The endpoint obeys anybody who reaches it, and a page reaches 127.0.0.1. A browser tells on the page:

* Host names what the page believes to speak to. A name that its owner turned to 127.0.0.1 (DNS rebinding) is foreign;
  `localhost` and names below it always mean this machine (https://www.rfc-editor.org/rfc/rfc6761#section-6.3).
* Origin goes with each POST and each fetch of another origin (https://fetch.spec.whatwg.org/#origin-header).
* Sec-Fetch-Site goes with everything else, images and links too (https://www.w3.org/TR/fetch-metadata/).

AWS's clients send none of the last two. The one page that needs the endpoint is a task's interface, which shows an
image: it has no origin ("null", as any page's sandboxed frame has), so its GET is known by the mark of the portal's
addresses.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from urllib.parse import parse_qs, urlsplit

from localcloud.ground_truth import portal_address
from localcloud.portal import images

_LOOPBACK = ("127.0.0.1", "::1", "localhost")
_OWN_SITES = ("same-origin", "none")  # "none": the user typed the address

Headers = Iterable[tuple[bytes, bytes]]


def refusal(scope: dict[str, Any]) -> str | None:
    """Why a request (an ASGI scope of HTTP or a WebSocket) is not served; None when it is."""
    headers = scope["headers"]
    foreign = [host for host in _values(headers, b"host") if not _is_loopback(host)]
    if foreign:
        return f"The local cloud answers to 127.0.0.1 and localhost only, not to the host {foreign[0]}."
    if _is_image_of_a_task(scope):
        return None
    own = f"http://{portal_address.sub_domain()}"
    origins = [origin for origin in _values(headers, b"origin") if origin != own]
    if origins:
        return f"A page of {origins[0]} may not use the local cloud: only AWS's clients and the worker portal may."
    sites = [site for site in _values(headers, b"sec-fetch-site") if site not in _OWN_SITES]
    if sites and not _values(headers, b"origin"):
        return f"A page of another origin ({sites[0]}) may not use the local cloud: type or paste the address instead."
    return None


def _values(headers: Headers, name: bytes) -> list[str]:
    return [value.decode("latin-1") for key, value in headers if key.lower() == name]


def _is_loopback(host: str) -> bool:
    try:
        name = (urlsplit(f"//{host}").hostname or "").rstrip(".")
    except ValueError:
        return False
    return name in _LOOPBACK or name.endswith(".localhost")


def _is_image_of_a_task(scope: dict[str, Any]) -> bool:
    marks = parse_qs(scope["query_string"].decode("latin-1")).get(images.MARK, [])
    marked = len(marks) == 1 and images.is_marked(scope["path"], marks[0])
    return marked and scope.get("method") in ("GET", "HEAD")
