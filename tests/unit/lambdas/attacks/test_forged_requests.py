"""Requests that a worker's browser is made to send, and such as somebody makes up: nobody acts for another, and an
address leads to nothing but what it is for."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

import pytest
from starlette.routing import Route

from lambdas.portal import handler as portal_handler
from tests.support.portal_world import ADDRESS, ELEMENT, Browser, World

ANSWER = {ELEMENT: {"label": "open"}}
FOREIGN = [
    {"origin": "https://evil.example"},
    {"origin": "null"},
    {"origin": f"{ADDRESS}.evil.example"},
    {"origin": ADDRESS.replace("https", "http")},
    {"origin": f"{ADDRESS}:8443"},
    {"sec-fetch-site": "cross-site"},
    {"sec-fetch-site": "same-site"},
    {"origin": "https://evil.example", "sec-fetch-site": "same-origin"},
]
FORMS = ["application/x-www-form-urlencoded", "text/plain", "multipart/form-data; boundary=x", "application/json"]


def posts() -> list[str]:
    """Every address that changes something, with {name} and {task} in it."""
    application: Any = portal_handler._application().app
    while not hasattr(application, "routes"):
        application = application.app
    return [route.path for route in application.routes if isinstance(route, Route) and "POST" in (route.methods or ())]


@pytest.fixture
def task(world: World, ada: Browser) -> dict[str, Any]:
    _, _, job = world.started()
    found: dict[str, Any] = ada.ask("POST", f"/jobs/{job['name']}/next", {})["json"]["task"]
    return found


def filled(path: str, task: dict[str, Any]) -> str:
    return path.replace("{name}", task["job"]).replace("{task}", task["id"])


def test_no_other_site_posts_in_a_workers_name_to_any_address(world: World, ada: Browser, task: dict[str, Any]) -> None:
    before = world.manage("progress", job=task["job"])
    assert len(posts()) >= 10
    for path in posts():
        for headers in FOREIGN:
            for kind in FORMS:
                given = {**headers, "content-type": kind, "accept": "text/html"}
                assert ada.ask("POST", filled(path, task), ANSWER, **given)["statusCode"] == 403, (path, given)
    assert world.manage("progress", job=task["job"]) == before
    assert ada.ask("GET", task["path"])["statusCode"] == 200


def test_nothing_is_changed_by_a_link(world: World, ada: Browser, task: dict[str, Any]) -> None:
    before = world.manage("progress", job=task["job"])
    for path in posts():
        for method in ("GET", "HEAD"):
            answer = ada.ask(method, filled(path, task), **{"x-http-method-override": "POST"})
            assert answer["statusCode"] in (403, 404, 405), path
    assert world.manage("progress", job=task["job"]) == before
    assert ada.ask("GET", task["path"])["statusCode"] == 200


def test_nothing_is_changed_without_a_session(world: World, task: dict[str, Any]) -> None:
    for path in posts():
        if path != "/logout":
            assert Browser(world).ask("POST", filled(path, task), ANSWER)["statusCode"] in (401, 403), path


def test_the_cookie_is_sent_by_no_form_of_another_site(ada: Browser) -> None:
    """What a browser does with it: https://www.rfc-editor.org/rfc/rfc6265, and its successor for SameSite."""
    assert "SameSite=lax" in ada.flags
    assert "Domain=" not in ada.flags
    assert "Path=/;" in ada.flags


def test_another_workers_task_is_out_of_reach_by_every_verb(
    world: World, ada: Browser, bob: Browser, task: dict[str, Any]
) -> None:
    for verb in ("submit", "skip", "decline"):
        assert bob.ask("POST", f"{task['path']}/{verb}", ANSWER)["statusCode"] == 404
    assert bob.ask("GET", f"{task['path']}/interface")["statusCode"] == 404
    assert ada.ask("POST", f"{task['path']}/submit", ANSWER)["statusCode"] == 200
    assert bob.ask("POST", f"{task['path']}/submit", {ELEMENT: {"label": "shut"}})["statusCode"] == 404
    assert bob.ask("POST", f"/jobs/{task['job']}/undo", {})["statusCode"] == 409
    rows = world.manage("progress", job=task["job"])["workers"]
    assert {row["email"]: row["answered"] for row in rows if row["answered"]} == {"ada@example.com": 1}


@pytest.mark.parametrize("number", ["0", "1", "-1", "00", "2", "1e3", "٣", "9" * 12, "9" * 5_000, "", "0.0"])
def test_a_guessed_task_is_nobodys(world: World, ada: Browser, number: str) -> None:
    _, _, job = world.started()
    guessed = f"/jobs/{job['name']}/tasks/{number}.{'0' * 32}"
    for verb in ("submit", "skip", "decline"):
        assert ada.ask("POST", f"{guessed}/{verb}", ANSWER)["statusCode"] == 404
    assert ada.ask("GET", guessed)["statusCode"] == 404


def test_of_what_is_not_hers_nobody_hears_what_an_answer_should_be(world: World, ada: Browser) -> None:
    """Else the complaint about a wrong answer would tell of an object that is in nobody's or another's hands."""
    _, _, job = world.started()
    refused = ada.ask("POST", f"/jobs/{job['name']}/tasks/1.{'0' * 32}/submit", {"nonsense": 1})
    assert refused["statusCode"] == 404
    assert "open" not in refused["body"]


@pytest.mark.parametrize(
    "name",
    [
        "jobs",
        "{job}#0",
        "{job}%230",
        "worker#private.x",
        "session#x",
        "preview#x",
        ".",
        "..",
        "x" * 1_500,
        "a\nb",
        "\x00",
        "‮x",
    ],
)
def test_no_name_leads_to_another_item_of_the_table(world: World, ada: Browser, name: str) -> None:
    _, _, job = world.started()
    forged = name.replace("{job}", job["name"])
    asked = [
        ("GET", f"/jobs/{forged}"),
        ("POST", f"/jobs/{forged}/next"),
        ("POST", f"/jobs/{forged}/undo"),
        ("GET", f"/jobs/{forged}/tasks/0.x"),
        ("POST", f"/jobs/{forged}/tasks/0.x/submit"),
        ("GET", f"/preview/{forged}"),
    ]
    assert {ada.ask(method, path, ANSWER)["statusCode"] for method, path in asked} == {404}


@pytest.mark.parametrize(
    "path",
    [
        "{static}/../../app.py",
        "{static}/..%2f..%2fapp.py",
        "{static}/%2e%2e/%2e%2e/app.py",
        "{static}//etc/passwd",
        "{static}/..\\..\\app.py",
        "{static}/\x00",
        "/static/",
        "/jobs/../../etc/passwd",
    ],
)
def test_no_address_leads_out_of_the_static_files(ada: Browser, path: str) -> None:
    static = ada.ask("GET", "/jobs", accept="text/html")["body"].partition('href="')[2].rpartition("/mark.svg")[0]
    static = static.rpartition('href="')[2]
    answer = ada.ask("GET", path.replace("{static}", static.partition("/mark.svg")[0]))
    assert answer["statusCode"] == 404
    assert "import" not in answer["body"]


@pytest.mark.parametrize("path", ["//evil.example", "//evil.example/", "/jobs/", "/login/", "/\\evil.example/"])
def test_no_address_leads_to_another_site(ada: Browser, path: str) -> None:
    forged = {"x-forwarded-host": "evil.example", "forwarded": "host=evil.example", "x-original-url": "/evil"}
    location = ada.ask("GET", path, **forged)["headers"].get("location", "")
    assert urlsplit(location).netloc in ("", urlsplit(ADDRESS).netloc)


def test_whoever_signs_in_is_sent_to_no_address_of_the_request(world: World) -> None:
    browser = Browser(world)
    sent = browser.ask("GET", "/login?next=https://evil.example&redirect_uri=https://evil.example")
    assert "evil" not in sent["headers"]["location"]
    answer = browser.sign_in("ada@example.com")
    assert answer["headers"]["location"] == "/jobs"


@pytest.mark.parametrize("header", ["x-forwarded-for", "x-real-ip", "forwarded", "true-client-ip", "cf-connecting-ip"])
def test_the_address_range_is_that_of_the_connection_and_not_of_a_header(
    world: World, monkeypatch: pytest.MonkeyPatch, header: str
) -> None:
    monkeypatch.setenv("SOURCE_IPS", '["203.0.113.0/24"]')
    portal_handler.loaded.cache_clear()
    value = "for=203.0.113.9" if header == "forwarded" else "203.0.113.9"
    answer = Browser(world, source="198.51.100.7").ask("GET", "/signed-out", **{header: value})
    assert answer["statusCode"] == 403


def test_a_review_is_out_of_reach_of_who_is_no_reviewer(world: World, ada: Browser, task: dict[str, Any]) -> None:
    queue = f"/jobs/{task['job']}/review"
    asked = [("GET", queue), ("POST", f"{queue}/next"), ("POST", f"{queue}/undo"), ("GET", f"{queue}/{task['id']}")]
    asked += [("GET", f"{queue}/{task['id']}/interface"), ("POST", f"{queue}/{task['id']}/skip")]
    asked += [("POST", f"{queue}/{task['id']}/submit")]
    for method, path in asked:
        assert ada.ask(method, path, {"answer": None})["statusCode"] == 403
