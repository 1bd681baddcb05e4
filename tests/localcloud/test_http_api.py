"""An HTTP API of API Gateway has an address of its own, and its function gets what AWS gives it.

The event: https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html
"""

from __future__ import annotations

import base64
import json
import socket
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import boto3
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


def is_open(url: str) -> bool:
    with socket.socket() as tried:
        return tried.connect_ex(("127.0.0.1", urlsplit(url).port or 0)) == 0


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
    assert "apigw-requestid" in answer.headers


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


def test_the_log_is_whole(client: Client, deployed: dict[str, str], web: httpx.Client, until: Any) -> None:
    web.get("/log")
    group = f"/aws/lambda/{deployed['Function']}"

    def lines() -> list[str]:
        events = client("logs").filter_log_events(logGroupName=group)["events"]
        return [line for event in events for line in event["message"].splitlines()]

    found = until(lines, lambda seen: "and no line end" in seen)
    assert "first line" in found
    assert not [line for line in found if "\0" in line]


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


def test_a_change_keeps_the_address_and_the_end_closes_it(client: Client, unique: Any, until: Any) -> None:
    cloudformation, name, made = client("cloudformation"), unique("http-api"), http_api.resources()
    first = http_api.deploy(client, name, made)
    made["Api"]["Properties"]["Name"] = "renamed"
    outputs = {"Url": {"Value": {"Fn::GetAtt": ["Api", "ApiEndpoint"]}}}
    cloudformation.update_stack(StackName=name, TemplateBody=json.dumps({"Resources": made, "Outputs": outputs}))
    cloudformation.get_waiter("stack_update_complete").wait(StackName=name, WaiterConfig={"Delay": 1})
    stack = cloudformation.describe_stacks(StackName=name)["Stacks"][0]
    assert stack["Outputs"][0]["OutputValue"] == first["Url"]
    with http_api.visitor(first["Url"]) as web:
        assert web.get("/page").text == "<p>ä</p>"
    cloudformation.delete_stack(StackName=name)
    cloudformation.get_waiter("stack_delete_complete").wait(StackName=name, WaiterConfig={"Delay": 1})
    until(lambda: is_open(first["Url"]), lambda open_: not open_)


def test_an_api_made_by_calls(client: Client, deployed: dict[str, str], until: Any) -> None:
    """Its address answers at once: without a stage or a route as AWS does, and with them from the function."""
    gateway = client("apigatewayv2")
    made = gateway.create_api(Name="by-calls", ProtocolType="HTTP")
    api, url = made["ApiId"], made["ApiEndpoint"]
    assert gateway.get_api(ApiId=api)["ApiEndpoint"] == url
    with http_api.visitor(url) as web:
        arn = client("lambda").get_function(FunctionName=deployed["Function"])["Configuration"]["FunctionArn"]
        integration = gateway.create_integration(
            ApiId=api, IntegrationType="AWS_PROXY", IntegrationUri=arn, PayloadFormatVersion="2.0"
        )["IntegrationId"]
        gateway.create_route(ApiId=api, RouteKey="GET /page", Target=f"integrations/{integration}")
        assert (web.get("/page").status_code, web.get("/page").json()) == (404, {"message": "Not Found"})
        gateway.create_stage(ApiId=api, StageName="$default", AutoDeploy=True)
        assert web.get("/page").text == "<p>ä</p>"
        assert web.post("/page").status_code == 404
        assert web.get("/other").status_code == 404
    gateway.delete_api(ApiId=api)
    until(lambda: is_open(url), lambda open_: not open_)


def test_a_websocket_api_keeps_its_address(client: Client) -> None:
    gateway = client("apigatewayv2")
    made = gateway.create_api(Name="sockets", ProtocolType="WEBSOCKET", RouteSelectionExpression="$request.body.action")
    assert made["ApiId"] in made["ApiEndpoint"]
    gateway.delete_api(ApiId=made["ApiId"])


@pytest.mark.parametrize("keep", [True, False])
def test_the_end_of_the_server_closes_all_and_a_kept_api_is_back_at_its_address(tmp_path: Path, keep: bool) -> None:
    def client(service: str) -> Any:
        keys = {"aws_access_key_id": "local", "aws_secret_access_key": "local"}
        return boto3.client(service, endpoint_url=cloud.endpoint, region_name="us-east-1", **keys)

    with LocalCloud(tmp_path, time_scale=0.2, keep=keep) as cloud:
        url = http_api.deploy(client, "kept", http_api.resources())["Url"]
        assert is_open(url)
    assert not is_open(url)
    with LocalCloud(tmp_path, time_scale=0.2, keep=keep) as cloud:
        found = [api["ApiEndpoint"] for api in client("apigatewayv2").get_apis()["Items"]]
        assert found == ([url] if keep else [])
        if keep:
            with http_api.visitor(url) as web:
                assert web.get("/page").text == "<p>ä</p>"
