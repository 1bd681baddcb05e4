"""The function of a small application that signs people in, as it is deployed: for the browser's test."""

from __future__ import annotations

import json
import os
import urllib.parse
import urllib.request
from typing import Any


def handler(event: dict[str, Any], _context: object) -> dict[str, Any]:
    here = "http://" + event["headers"]["host"]
    query = event.get("queryStringParameters") or {}
    cookies = dict(cookie.split("=") for cookie in event.get("cookies", []))
    shared = {"client_id": cookies.get("client", ""), "redirect_uri": here + "/back"}
    path = event["rawPath"]
    if path == "/":
        return page("<a href='/sign-in'>Begin</a>", cookies=("client=" + query["client"],))
    if path == "/sign-in":
        asked = {"response_type": "code", "scope": "openid email", "code_challenge_method": "S256"}
        return moved("/oauth2/authorize", **shared, **asked, code_challenge=os.environ["CHALLENGE"])
    if path == "/back":
        given = {"grant_type": "authorization_code", "code": query["code"], "code_verifier": os.environ["VERIFIER"]}
        body = urllib.parse.urlencode({**shared, **given}).encode()
        with urllib.request.urlopen(urllib.request.Request(os.environ["SIGN_IN"] + "/oauth2/token", body)) as answer:
            tokens = ",".join(sorted(json.load(answer)))
        return page(f"<p>signed in: {tokens}</p><form method='post' action='/leave'><button>Sign out</button></form>")
    if path == "/leave":
        return moved("/logout", client_id=shared["client_id"], logout_uri=here + "/out")
    return page("<p>signed out</p>")


def moved(path: str, **query: str) -> dict[str, Any]:
    return {
        "statusCode": 303,
        "headers": {"location": os.environ["SIGN_IN"] + path + "?" + urllib.parse.urlencode(query)},
    }


def page(body: str, cookies: tuple[str, ...] = ()) -> dict[str, Any]:
    return {"statusCode": 200, "headers": {"content-type": "text/html"}, "cookies": list(cookies), "body": body}
