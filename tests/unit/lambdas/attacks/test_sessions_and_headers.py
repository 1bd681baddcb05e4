"""Who is signed in, for how long, and what a browser is told to do with an answer."""

from __future__ import annotations

import re
from types import SimpleNamespace
from typing import Any

import boto3
import pytest
import urllib3

from tests.support.portal_world import ADDRESS, Browser, World

SESSION = "__Host-worker-session"


def sessions() -> list[dict[str, Any]]:
    items = boto3.client("dynamodb").scan(TableName="tasks")["Items"]
    return [item for item in items if item["sk"]["S"] == "session"]


@pytest.mark.parametrize("proto", ["https", "http", "ftp", "http, https", ""])
def test_a_cookie_is_its_hosts_alone_whatever_a_request_says_of_itself(world: World, proto: str) -> None:
    """`__Host-`: Secure, this host only, for all paths, or the browser throws it away (RFC 6265bis, 4.1.3.2)."""
    answer = Browser(world).ask("GET", "/login", **{"x-forwarded-proto": proto})
    (cookie,) = answer["cookies"]
    assert cookie.startswith("__Host-sign-in=")
    assert {"Secure", "HttpOnly", "SameSite=lax", "Path=/"} <= set(cookie.split("; "))
    assert "Domain" not in cookie


def test_who_signs_in_gets_a_new_session_and_never_one_that_was_there_before(world: World) -> None:
    """Fixation: somebody has put a session that he knows into the browser."""
    browser = Browser(world, {SESSION: "known-to-somebody-else"})
    browser.sign_in("ada@example.com")
    assert browser.cookies[SESSION] != "known-to-somebody-else"
    assert Browser(world, {SESSION: "known-to-somebody-else"}).ask("GET", "/jobs")["statusCode"] == 401


def test_signing_in_again_ends_the_session_before(world: World, ada: Browser) -> None:
    before = dict(ada.cookies)
    ada.sign_in("ada@example.com")
    assert Browser(world, before).ask("GET", "/jobs")["statusCode"] == 401
    assert ada.ask("GET", "/jobs")["statusCode"] == 200
    assert len(sessions()) == 1


def test_a_session_ends_after_eight_hours_though_the_browser_keeps_it(world: World, ada: Browser) -> None:
    (item,) = sessions()
    lasts = int(item["open_at"]["N"]) / 1000
    assert int(item["expires_at"]["N"]) == round(lasts)
    client = boto3.client("dynamodb")
    client.put_item(TableName="tasks", Item={**item, "open_at": {"N": str(round((lasts - 8 * 3600) * 1000))}})
    assert ada.ask("GET", "/jobs")["statusCode"] == 401


def test_signing_out_makes_the_browser_forget(ada: Browser) -> None:
    (cookie,) = ada.ask("POST", "/logout", {})["cookies"]
    assert cookie.startswith(f'{SESSION}=""')
    assert {"Max-Age=0", "Secure", "Path=/"} <= set(cookie.split("; "))


def test_a_sign_in_is_good_once(world: World) -> None:
    browser = Browser(world)
    browser.ask("GET", "/login")
    flow = dict(browser.cookies)
    browser.sign_in("ada@example.com")
    state = flow["__Host-sign-in"].split(".")[0]
    again = Browser(world, flow).ask("GET", f"/callback?code=code-1&state={state}")
    assert again["statusCode"] == 400
    assert SESSION not in "".join(again.get("cookies", ()))


def test_a_token_that_the_browser_brings_itself_counts_for_nothing(world: World) -> None:
    """Whatever its algorithm, key or signature: only Cognito's own answer over TLS is read."""
    browser = Browser(world)
    browser.ask("GET", "/login")
    state = browser.cookies["__Host-sign-in"].split(".")[0]
    token = "eyJhbGciOiJub25lIn0.eyJzdWIiOiJib3NzIn0."
    for query in (f"id_token={token}&state={state}", f"code={token}&state={state}", f"state={state}"):
        assert browser.ask("GET", f"/callback?{query}")["statusCode"] == 400
    signed = Browser(world, {SESSION: token})
    assert signed.ask("GET", "/jobs", authorization=f"Bearer {token}")["statusCode"] == 401


@pytest.mark.parametrize(
    "answer",
    [
        b"",
        b"[]",
        b"{}",
        b'{"id_token": null}',
        b'{"id_token": "x"}',
        b'{"id_token": "a.!!!.c"}',
        b'{"id_token": "a.W10.c"}',
    ],
)
def test_an_answer_of_cognito_that_is_no_token_signs_nobody_in(
    world: World, monkeypatch: pytest.MonkeyPatch, answer: bytes
) -> None:
    monkeypatch.setattr(urllib3, "request", lambda *_, **__: SimpleNamespace(status=200, data=answer))
    browser = Browser(world)
    browser.ask("GET", "/login")
    state = browser.cookies["__Host-sign-in"].split(".")[0]
    refused = browser.ask("GET", f"/callback?code=c&state={state}")
    assert refused["statusCode"] in (400, 503)
    assert SESSION not in browser.cookies


@pytest.mark.parametrize("claims", [{"sub": None}, {"sub": 7}, {"exp": "9999999999"}, {"exp": None}, {"aud": ["x"]}])
def test_a_claim_of_another_kind_signs_nobody_in(world: World, claims: dict[str, Any]) -> None:
    assert Browser(world).sign_in("ada@example.com", **claims)["statusCode"] == 400


def test_every_answer_says_what_a_browser_may_do_with_it(world: World, ada: Browser) -> None:
    _, _, job = world.started()
    task = ada.ask("POST", f"/jobs/{job['name']}/next", {})["json"]["task"]
    answers = {
        "page": ada.ask("GET", "/jobs", accept="text/html"),
        "json": ada.ask("GET", "/jobs"),
        "task": ada.ask("GET", task["path"], accept="text/html"),
        "frame": ada.ask("GET", f"{task['path']}/interface", accept="text/html"),
        "preview": ada.ask("GET", "/preview/none", accept="text/html"),
        "sent on": ada.ask("GET", "/login"),
        "nothing there": ada.ask("GET", "/nothing"),
        "another way": ada.ask("GET", "/logout"),
        "another host": ada.ask("GET", "/jobs", host="evil.example"),
        "refused": ada.ask("POST", f"{task['path']}/submit", {}),
    }
    for name, answer in answers.items():
        headers = answer["headers"]
        assert headers["cache-control"] == "no-store", name
        assert headers["x-content-type-options"] == "nosniff", name
        assert headers["strict-transport-security"].startswith("max-age="), name
        assert headers["cross-origin-resource-policy"] == "same-origin", name
        policy = dict(part.partition(" ")[::2] for part in headers["content-security-policy"].split("; "))
        assert policy["frame-ancestors"] == (ADDRESS if name == "frame" else "'none'"), name
        scripts = policy.get("script-src", policy.get("default-src", "*"))
        assert "unsafe" not in scripts, name
        assert "*" not in scripts, name
    assert answers["frame"]["headers"]["referrer-policy"] == "no-referrer"


def test_files_are_the_only_thing_that_a_cache_may_keep(ada: Browser) -> None:
    page = ada.ask("GET", "/jobs", accept="text/html")["body"]
    path = re.search(r'href="(/static/[^"]+\.css)"', page).group(1)
    headers = ada.ask("GET", path)["headers"]
    assert headers["cache-control"].startswith("public")
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["cross-origin-resource-policy"] == "cross-origin"  # a task's frame has no origin
