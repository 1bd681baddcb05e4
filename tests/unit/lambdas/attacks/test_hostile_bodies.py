"""Bodies that no form of ours sends: refused with a reason, never an error of the function."""

from __future__ import annotations

import json
import time
from typing import Any

import pytest

from tests.support.portal_world import ELEMENT, Browser, World


def more(value: str) -> bytes:
    """An answer with something beside its label."""
    return b'{"%s": {"label": "open", "more": %s}}' % (ELEMENT.encode(), value.encode())


BODIES = {
    "no object": b"[]",
    "half": b'{"a": ',
    "deep": b"[" * 200_000,
    "deep objects": b'{"a":' * 100_000,
    "deep within": more("[" * 30 + "]" * 30),
    "deeper than an encoder goes": more("[" * 900 + "]" * 900),
    "infinite": more("Infinity"),
    "no number": more("NaN"),
    "too large a number": more("1e999"),
    "endless number": more("9" * 5_000),
    "long number": more("9" * 400),
    "half a surrogate pair": more('"\\ud800"'),
    "a key of half a pair": more('{"\\ud800": 1}'),
    "no UTF-8": b'{"a": "\xff\xfe"}',
    "UTF-16": '{"a": 1}'.encode("utf-16"),
    "another label": json.dumps({ELEMENT: {"label": "Open "}}).encode(),
    "a label of look-alike letters": json.dumps({ELEMENT: {"label": "оpen"}}).encode(),
    "a list for a label": json.dumps({ELEMENT: {"label": ["open"]}}).encode(),
    "an object for a label": json.dumps({ELEMENT: {"label": {"open": 1}}}).encode(),
    "nothing": b"",
    "too large": b'{"a": "' + b"x" * 2_000_001 + b'"}',
}


@pytest.fixture
def task(world: World, ada: Browser) -> dict[str, Any]:
    _, _, job = world.started()
    found: dict[str, Any] = ada.ask("POST", f"/jobs/{job['name']}/next", {})["json"]["task"]
    return found


@pytest.mark.parametrize("name", BODIES)
def test_a_body_that_can_be_no_answer_is_refused_with_a_reason(
    world: World, ada: Browser, task: dict[str, Any], name: str
) -> None:
    refused = ada.ask("POST", f"{task['path']}/submit", BODIES[name])
    assert refused["statusCode"] == (413 if name == "too large" else 400)
    assert refused["json"]["error"]
    assert len(refused["body"]) < 1_000
    assert ada.ask("GET", task["path"])["statusCode"] == 200
    assert world.manage("progress", job=task["job"])["votes"] == 0


@pytest.mark.parametrize(
    ("comment", "answer"),
    [("\\ud800", "null"), ("x", more('"\\udfff"').decode())],
)
def test_a_reviewers_words_that_are_no_text_are_refused(
    world: World, ada: Browser, bob: Browser, comment: str, answer: str
) -> None:
    world.manage("invite", email="kim@example.com", reviewer=True)
    kim = Browser(world)
    kim.sign_in("kim@example.com", **{"cognito:groups": ["workers", "reviewers"]})
    run, manifest, job = world.started(ask_again_below=0.9, most_workers=2)
    while ada.work(job["name"], "open") | bob.work(job["name"], "shut"):
        pass
    world.functions("start_labeling", {"run": run, "manifest": manifest})
    found = kim.ask("POST", f"/jobs/{job['name']}/review/next", {})["json"]["task"]
    body = f'{{"answer": {answer}, "comment": "{comment}"}}'.encode()
    assert kim.ask("POST", f"{found['path']}/submit", body)["statusCode"] == 400


def test_a_form_of_a_million_fields_is_refused_at_once(ada: Browser, task: dict[str, Any]) -> None:
    begin = time.process_time()
    form = {"content-type": "application/x-www-form-urlencoded"}
    refused = ada.ask("POST", f"{task['path']}/submit", b"a&" * 900_000, **form)
    assert (refused["statusCode"], "fields" in refused["body"]) == (400, True)
    assert time.process_time() - begin < 5


@pytest.mark.parametrize("cookie", ["x" * 8_000, "ü", "\x00", "a=b; c", '"', "%00", "__Host-worker-session"])
def test_a_cookie_that_we_did_not_give_signs_nobody_in(world: World, cookie: str) -> None:
    assert Browser(world, {"__Host-worker-session": cookie}).ask("GET", "/jobs")["statusCode"] == 401


@pytest.mark.parametrize(
    "headers",
    [
        {"transfer-encoding": "chunked", "content-length": "5"},
        {"content-length": "-1"},
        {"content-length": "9" * 30},
        {"content-length": "nonsense"},
        {"content-type": "application/json; charset=utf-7"},
        {"expect": "100-continue"},
        {"accept": "application/json" * 500},
        {"x-forwarded-proto": "javascript"},
        {"upgrade": "websocket", "connection": "upgrade"},
    ],
)
def test_odd_headers_change_nothing(world: World, ada: Browser, task: dict[str, Any], headers: dict[str, str]) -> None:
    """The function gets a request as a whole, whose length API Gateway has counted: there is nothing to smuggle in."""
    refused = ada.ask("POST", f"{task['path']}/submit", {ELEMENT: {"label": "ajar"}}, **headers)
    assert refused["statusCode"] in (400, 403)
    assert world.manage("progress", job=task["job"])["votes"] == 0
