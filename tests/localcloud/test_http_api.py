"""An HTTP API of API Gateway has an address of its own, and its function gets what AWS gives it.

The event: https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html
"""

from __future__ import annotations

import base64
import socket
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest

from localcloud.client.process import LocalCloud
from tests.localcloud import http_api

SIGN_IN = "https://kempelen-dev.auth.us-east-1.amazoncognito.com"
Client = Callable[[str], Any]


@pytest.fixture(scope="module")
def deployed(client: Client) -> dict[str, str]:
    variables = {
        "SIGN_IN": SIGN_IN,
        "TWO": f"{SIGN_IN}/login,{SIGN_IN}/logout",
        "FOREIGN": f"{SIGN_IN}.example.com",
        "OTHER": "https://cognito-idp.us-east-1.amazonaws.com/pool",
    }
    return http_api.deploy(client, "http-api", http_api.resources(**variables))


@pytest.fixture(scope="module")
def web(deployed: dict[str, str]) -> httpx.Client:
    return http_api.visitor(deployed["Url"])


def test_the_address_is_a_port_of_loopback(client: Client, deployed: dict[str, str], cloud: LocalCloud) -> None:
    address = urlsplit(deployed["Url"])
    assert (address.scheme, address.hostname, address.path) == ("http", "127.0.0.1", "")
    assert address.port not in (urlsplit(cloud.endpoint).port, urlsplit(cloud.portal).port)
    assert client("apigatewayv2").get_api(ApiId=deployed["ApiId"])["ApiEndpoint"] == deployed["Url"]


def test_the_event_of_a_request(deployed: dict[str, str], web: httpx.Client) -> None:
    sent = [("Cookie", "a=1; b=2"), ("Cookie", "c=3"), ("X-Twice", "1"), ("X-Twice", "2"), ("User-Agent", "me")]
    answer = web.get("/jobs/a%20b/?x=1&x=2&y=%20z&empty=", headers=sent)
    event = answer.json()
    host = urlsplit(deployed["Url"]).netloc
    assert (event["version"], event["routeKey"]) == ("2.0", "$default")
    assert (event["rawPath"], event["rawQueryString"]) == ("/jobs/a b/", "x=1&x=2&y=%20z&empty=")
    assert event["queryStringParameters"] == {"x": "1,2", "y": " z", "empty": ""}
    assert event["cookies"] == ["a=1", "b=2", "c=3"]
    assert event["isBase64Encoded"] is False
    assert not {"body", "pathParameters", "stageVariables"} & set(event)
    headers = event["headers"]
    assert "cookie" not in headers
    assert {name: headers[name] for name in ("host", "x-twice", "content-length")} == {
        "host": host,
        "x-twice": "1,2",
        "content-length": "0",
    }
    assert (headers["x-forwarded-proto"], headers["x-forwarded-port"]) == ("http", host.split(":")[1])
    assert headers["x-forwarded-for"] == "127.0.0.1"
    assert headers["x-amzn-trace-id"].startswith("Root=1-")
    assert all(name == name.lower() for name in headers)
    context = event["requestContext"]
    assert (context["domainName"], context["stage"], context["apiId"]) == (host, "$default", deployed["ApiId"])
    assert {name: context["http"][name] for name in ("method", "path", "sourceIp", "userAgent")} == {
        "method": "GET",
        "path": "/jobs/a b/",
        "sourceIp": "127.0.0.1",
        "userAgent": "me",
    }
    assert {"apigw-requestid", "date"} <= set(answer.headers)


def test_a_request_without_cookies_has_no_list_of_them(web: httpx.Client) -> None:
    assert "cookies" not in web.get("/").json()


def test_what_a_client_says_of_proxies_is_not_believed(web: httpx.Client) -> None:
    forged = {"X-Forwarded-Proto": "https", "X-Forwarded-Port": "443", "X-Forwarded-For": "10.0.0.1"}
    headers = web.get("/", headers=forged).json()["headers"]
    assert (headers["x-forwarded-proto"], headers["x-forwarded-for"]) == ("http", "10.0.0.1, 127.0.0.1")
    assert headers["x-forwarded-port"] != "443"


@pytest.mark.parametrize(
    ("kind", "body", "encoded"),
    [
        ("application/json", b'{"a": "\xc3\xa4"}', False),
        ("application/x-www-form-urlencoded", b"a=1", True),
        ("application/octet-stream", bytes(range(256)), True),
    ],
)
def test_bodies_of_requests(web: httpx.Client, kind: str, body: bytes, encoded: bool) -> None:
    event = web.post("/form", content=body, headers={"Content-Type": kind}).json()
    assert (event["requestContext"]["http"]["method"], event["isBase64Encoded"]) == ("POST", encoded)
    assert (base64.b64decode(event["body"]) if encoded else event["body"].encode()) == body
    assert event["headers"]["content-length"] == str(len(body))


def test_a_body_over_ten_megabytes_is_refused(web: httpx.Client) -> None:
    answer = web.post("/", content=b"x" * (10 * 1024 * 1024 + 1))
    assert (answer.status_code, answer.json()) == (413, {"message": "Request Entity Too Large"})


def test_answers_of_a_function(web: httpx.Client) -> None:
    moved = web.get("/cookies")
    assert (moved.status_code, moved.headers["location"]) == (302, "/next")
    assert moved.headers.get_list("set-cookie") == ["a=1; Path=/", "b=2; HttpOnly"]
    picture = web.get("/picture")
    assert (picture.headers["content-type"], picture.content) == ("image/png", bytes(range(256)))
    page = web.get("/page")
    assert (page.headers.get_list("content-type"), page.text) == (["text/html; charset=utf-8"], "<p>ä</p>")
    assert web.get("/plain").json() == {"answer": 42}
    assert web.head("/page").content == b""


@pytest.mark.parametrize("path", ["/fail", "/nonsense"])
def test_an_error_of_the_function_is_no_ones_business(web: httpx.Client, path: str) -> None:
    answer = web.get(path)
    assert (answer.status_code, answer.json()) == (500, {"message": "Internal Server Error"})


@pytest.mark.parametrize("host", ["rebound.example.com", "127.0.0.1.example.com:80", "localhost.example.com"])
def test_a_page_of_a_name_that_was_turned_here_is_refused(web: httpx.Client, host: str) -> None:
    answer = web.get("/page", headers={"Host": host})
    assert (answer.status_code, "<p>" in answer.text) == (403, False)


def test_localhost_is_this_machine_too(deployed: dict[str, str], web: httpx.Client) -> None:
    host = f"localhost:{urlsplit(deployed['Url']).port}"
    assert web.get("/", headers={"Host": host}).json()["requestContext"]["domainName"] == host


def test_a_slow_call_holds_up_no_other(deployed: dict[str, str]) -> None:
    order: list[str] = []

    def ask(path: str) -> None:
        with http_api.visitor(deployed["Url"]) as web:
            assert web.get(path).status_code == 200
        order.append(path)

    with ThreadPoolExecutor() as threads:
        slow = threads.submit(ask, "/slow")
        time.sleep(0.2)
        ask("/page")
        slow.result()
    assert order == ["/page", "/slow"]


def test_the_log_is_whole_and_has_nothing_of_a_request_that_was_not(
    client: Client, deployed: dict[str, str], web: httpx.Client, until: Any
) -> None:
    address = urlsplit(deployed["Url"])
    with socket.create_connection((str(address.hostname), address.port or 0)) as leaving:
        head = f"POST /interrupted HTTP/1.1\r\nHost: {address.netloc}\r\nContent-Length: 9\r\n\r\n"
        leaving.sendall(f"{head}half".encode())
    time.sleep(0.2)
    web.get("/log")
    group = f"/aws/lambda/{deployed['Function']}"

    def lines() -> list[str]:
        events = client("logs").filter_log_events(logGroupName=group)["events"]
        return [line for event in events for line in event["message"].splitlines()]

    found = until(lines, lambda seen: "and no line end" in seen)
    assert "first line" in found
    assert not [line for line in found if "\0" in line]
    assert "a part of a request" not in found


def test_hosts_of_the_hosted_sign_in_lead_here(
    client: Client, cloud: LocalCloud, deployed: dict[str, str], web: httpx.Client
) -> None:
    seen = web.get("/environment").json()
    assert seen["SIGN_IN"] == cloud.endpoint
    assert seen["TWO"] == f"{cloud.endpoint}/login,{cloud.endpoint}/logout"
    assert seen["FOREIGN"] == f"{SIGN_IN}.example.com"
    assert seen["OTHER"] == "https://cognito-idp.us-east-1.amazonaws.com/pool"
    shown = client("lambda").get_function_configuration(FunctionName=deployed["Function"])
    assert shown["Environment"]["Variables"]["SIGN_IN"] == SIGN_IN
