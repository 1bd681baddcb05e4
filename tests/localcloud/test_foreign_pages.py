"""A web page that the user has open must not use the local cloud: requests as browsers make them for pages.

What browsers send: https://fetch.spec.whatwg.org/#origin-header and https://www.w3.org/TR/fetch-metadata/.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlsplit

import boto3
import httpx
import pytest
from botocore.config import Config

from localcloud.client.process import LocalCloud

QUEUE = {"Action": "CreateQueue", "QueueName": "made-by-a-page", "Version": "2012-11-05"}
CROSS_SITE = {"Sec-Fetch-Site": "cross-site"}


@pytest.fixture
def browser(cloud: LocalCloud) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=cloud.endpoint, trust_env=False, timeout=30) as opened:
        yield opened


def queues(client: Callable[[str], Any]) -> list[str]:
    return list(client("sqs").list_queues(QueueNamePrefix=QUEUE["QueueName"]).get("QueueUrls", []))


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://example.com", **CROSS_SITE},
        {"Origin": "https://example.com"},
        {"Origin": "null", **CROSS_SITE},
        {"Origin": "http://127.0.0.1:8000", "Sec-Fetch-Site": "same-site"},
        {"Origin": "http://localhost"},
        CROSS_SITE,
        {"Sec-Fetch-Site": "same-site"},
        {"Host": "rebound.example.com"},
        {"Host": "127.0.0.1.example.com:80"},
        {"Host": "localhost.example.com"},
        {"Host": "[", "Origin": "https://example.com"},
    ],
)
def test_a_page_makes_nothing(browser: httpx.Client, client: Callable[[str], Any], headers: dict[str, str]) -> None:
    forms = [
        browser.post("/", data=QUEUE, headers=headers),
        browser.get("/", params=QUEUE, headers=headers),
        browser.post("/_kempelen/faults", content="[]", headers={"Content-Type": "text/plain", **headers}),
    ]
    assert [answer.status_code for answer in forms] == [403, 403, 403]
    assert "access-control-allow-origin" not in forms[0].headers
    assert queues(client) == []


def test_a_page_makes_no_function(browser: httpx.Client) -> None:
    """As plain text, which browsers send without asking first."""
    function = {"FunctionName": "page", "Runtime": "python3.12", "Handler": "index.handler", "Role": "r", "Code": {}}
    headers = {"Origin": "https://example.com", "Content-Type": "text/plain"}
    answer = browser.post("/2015-03-31/functions", content=json.dumps(function), headers=headers)
    assert answer.status_code == 403
    assert "https://example.com" in answer.text


def test_a_page_that_asks_first_gets_no_leave(browser: httpx.Client) -> None:
    asked = {"Origin": "https://example.com", "Access-Control-Request-Method": "PUT"}
    answer = browser.options("/bucket/key", headers=asked)
    assert answer.status_code == 403
    assert not [name for name in answer.headers if name.startswith("access-control-")]


@pytest.mark.parametrize(
    "headers",
    [{}, {"Host": "localhost:4566"}, {"Host": "bucket.s3.localhost"}, {"Sec-Fetch-Site": "none"}, {"Host": "[::1]:80"}],
)
def test_clients_and_typed_addresses_are_served(browser: httpx.Client, headers: dict[str, str]) -> None:
    assert browser.get("/_kempelen/inventory", headers=headers).status_code == 200


def test_the_portals_own_pages_are_served(browser: httpx.Client, cloud: LocalCloud) -> None:
    headers = {"Origin": cloud.portal, "Sec-Fetch-Site": "same-site"}
    assert browser.get("/_kempelen/inventory", headers=headers).status_code == 200
    other = {**headers, "Origin": f"http://127.0.0.1:{(urlsplit(cloud.portal).port or 0) + 1}"}
    assert browser.get("/_kempelen/inventory", headers=other).status_code == 403


def test_a_presigned_address_of_somebody_else_is_no_image_of_a_task(browser: httpx.Client, cloud: LocalCloud) -> None:
    """The account's key is no secret here: any page could sign an address of its own."""
    s3 = boto3.client(
        "s3",
        endpoint_url=cloud.endpoint,
        region_name="us-east-1",
        aws_access_key_id="local",
        aws_secret_access_key="local",
        config=Config(signature_version="s3v4", s3={"addressing_style": "path"}),
    )
    address = s3.generate_presigned_url("get_object", Params={"Bucket": "bucket", "Key": "key"})
    assert browser.get(address, headers={"Origin": "null", **CROSS_SITE}).status_code == 403
    forged = re.sub(r"X-Amz-Signature=[0-9a-f]+", f"X-Amz-Signature={'0' * 64}", address)
    assert browser.get(forged, headers={"Origin": "null", **CROSS_SITE}).status_code == 403
    assert browser.get(address).status_code == 404


VISIT = {"Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "document"}
FORM = {"Sec-Fetch-Site": "same-origin", **VISIT}


@pytest.mark.parametrize("path", ["/oauth2/authorize", "/logout"])
@pytest.mark.parametrize("site", ["cross-site", "same-site"])
def test_any_page_may_lead_to_the_hosted_sign_in(browser: httpx.Client, path: str, site: str) -> None:
    assert browser.get(path, headers={"Sec-Fetch-Site": site, **VISIT}).status_code == 400


@pytest.mark.parametrize("path", ["/oauth2/authorize", "/logout"])
@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Sec-Fetch-Dest": "iframe"},
        {"Sec-Fetch-Dest": "image", "Sec-Fetch-Mode": "no-cors"},
        {"Sec-Fetch-Mode": "cors", "Sec-Fetch-Dest": "empty"},
        {**VISIT, "Origin": "https://example.com"},
        {**VISIT, "Origin": "null"},
        {**VISIT, "Host": "rebound.example.com"},
    ],
)
def test_no_page_shows_or_reads_it(browser: httpx.Client, path: str, headers: dict[str, str]) -> None:
    given = {"Sec-Fetch-Mode": "navigate", **CROSS_SITE, **headers}
    assert browser.get(path, headers=given).status_code == 403
    assert browser.post(path, headers={**CROSS_SITE, **VISIT}).status_code == 403


@pytest.mark.parametrize("path", ["/", "/bucket/key", "/login", "/oauth2/token", "/oauth2/authorize/", "/logout/x"])
def test_no_page_leads_to_anything_else(browser: httpx.Client, path: str) -> None:
    assert browser.get(path, headers={**CROSS_SITE, **VISIT}).status_code == 403


def test_the_forms_of_the_hosted_sign_in_are_taken_from_its_own_pages(browser: httpx.Client, cloud: LocalCloud) -> None:
    def send(path: str = "/login", **headers: str) -> int:
        given = {"Origin": cloud.endpoint, **FORM, **headers}
        return browser.post(
            path, data=QUEUE, headers={name.replace("_", "-"): v for name, v in given.items()}
        ).status_code

    assert send() == 400  # it has no client
    assert send(Origin=cloud.portal) == 400
    other = f"http://127.0.0.1:{(urlsplit(cloud.portal).port or 0) + 1}"
    for origin in ("null", "https://example.com", other, cloud.endpoint.replace("127.0.0.1", "localhost")):
        assert send(Origin=origin) == 403
    assert send(Sec_Fetch_Site="same-site") == 403
    assert send(Host="rebound.example.com", Origin="http://rebound.example.com") == 403
    for path in ("/", "/logout", "/oauth2/token", "/oauth2/authorize", "/login/x", "/_kempelen/faults"):
        assert send(path) == 403
