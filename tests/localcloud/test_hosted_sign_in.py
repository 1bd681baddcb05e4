"""Cognito's hosted sign-in: the authorization code flow with PKCE of a public client, by requests and in a browser.

https://docs.aws.amazon.com/cognito/latest/developerguide/using-pkce-in-authorization-code.html
https://docs.aws.amazon.com/cognito/latest/developerguide/logout-endpoint.html
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from playwright.sync_api import Browser, Page, expect

from localcloud.client.process import LocalCloud
from tests.localcloud import hosted, http_api
from tests.localcloud.hosted import SIGNED_OUT, Pool
from tests.localcloud.labeling import GROUP, PASSWORD, TEMPORARY_PASSWORD, remove_pool

ADA = "ada@example.com"
APPLICATION = Path(__file__).with_name("signing_in_app.py")
OWN_PASSWORD = "Own-Secret-Horse-99"
Client = Callable[[str], Any]


@pytest.fixture(scope="module")
def pool(client: Client) -> Iterator[Pool]:
    made = hosted.make_pool(client("cognito-idp"), "kempelen-hosted")
    hosted.add_user(client("cognito-idp"), made, ADA)
    yield made
    remove_pool(client("cognito-idp"), made.id)


@pytest.fixture
def visit(cloud: LocalCloud) -> Iterator[httpx.Client]:
    with http_api.visitor(cloud.endpoint) as opened:
        yield opened


def test_the_tokens_say_who_signed_in(client: Client, visit: httpx.Client, pool: Pool) -> None:
    back = hosted.signed_in(visit, pool, ADA)
    assert back["state"] == "state of the application & more"
    answer = hosted.exchange(visit, pool, back["code"])
    assert (answer.status_code, answer.json()["token_type"]) == (200, "Bearer")
    assert {"id_token", "access_token", "refresh_token", "expires_in"} <= set(answer.json())
    user = client("cognito-idp").admin_get_user(UserPoolId=pool.id, Username=ADA)
    attributes = {attribute["Name"]: attribute["Value"] for attribute in user["UserAttributes"]}
    claims = hosted.claims(answer.json()["id_token"])
    expected = {
        "sub": attributes["sub"],
        "email": ADA,
        "cognito:groups": [GROUP],
        "aud": pool.client_id,
        "iss": f"https://cognito-idp.us-east-1.amazonaws.com/{pool.id}",
        "nonce": "once",
        "token_use": "id",
    }
    assert {name: claims.get(name) for name in expected} == expected
    assert time.time() < claims["exp"] <= time.time() + 3600


def test_a_code_works_once(visit: httpx.Client, pool: Pool) -> None:
    code = hosted.signed_in(visit, pool, ADA)["code"]
    assert hosted.exchange(visit, pool, code).status_code == 200
    again = hosted.exchange(visit, pool, code)
    assert (again.status_code, again.json()["error"]) == (400, "invalid_grant")


@pytest.mark.parametrize(
    "changes",
    [
        {"code_verifier": "another-verifier-that-is-43-characters-long-too"},
        {"code_verifier": "ä" * 43},
        {"code_verifier": hosted.challenge()},
        {"code_verifier": ""},
        {"redirect_uri": "http://localhost:8000/other"},
        {"client_id": "another"},
        {"code": "made-up"},
    ],
)
def test_who_did_not_ask_gets_no_tokens(visit: httpx.Client, pool: Pool, changes: dict[str, str]) -> None:
    given = {"code": hosted.signed_in(visit, pool, ADA)["code"], **changes}
    answer = hosted.exchange(visit, pool, **given)
    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_grant")


def test_only_sha_256_is_a_challenge(visit: httpx.Client, pool: Pool) -> None:
    answer = visit.get("/oauth2/authorize", params=hosted.request(pool, code_challenge_method="plain"))
    assert hosted.sent_back(answer)["error"] == "invalid_request"


@pytest.mark.parametrize(
    "changes", [{"redirect_uri": "https://example.com/"}, {"client_id": "another"}, {"response_type": "token"}]
)
def test_a_request_that_is_not_the_clients_shows_no_page(
    visit: httpx.Client, pool: Pool, changes: dict[str, str]
) -> None:
    assert visit.get("/oauth2/authorize", params=hosted.request(pool, **changes)).status_code == 400


def test_a_wrong_password_is_told_on_the_page(visit: httpx.Client, pool: Pool) -> None:
    page = visit.get("/oauth2/authorize", params=hosted.request(pool))
    for user in (ADA, "nobody@example.com"):
        answer = visit.post("/login", data=hosted.form(page, username=user, password="wrong"))
        assert answer.status_code == 200
        assert "Incorrect username or password." in answer.text


def test_a_page_of_the_sign_in_is_in_no_frame_and_no_cache(visit: httpx.Client, pool: Pool) -> None:
    page = visit.get("/oauth2/authorize", params=hosted.request(pool))
    again = visit.post("/login", data=hosted.form(page, username=ADA, password="wrong"))
    for answer in (page, again):
        assert (answer.headers["x-frame-options"], answer.headers["cache-control"]) == ("DENY", "no-store")


@pytest.mark.parametrize(
    ("password", "lacks"),
    [
        ("Short-7", "at least 14 characters"),
        ("only-lower-case-7", "an upper-case letter"),
        ("ONLY-UPPER-CASE-7", "a lower-case letter"),
        ("No-Digit-At-All-Here", "a digit"),
        ("NoSymbolAtAll7Here", "a symbol"),
    ],
)
def test_a_new_password_keeps_the_pools_rule(
    client: Client, visit: httpx.Client, pool: Pool, unique: Callable[[str], str], password: str, lacks: str
) -> None:
    email = f"{unique('newcomer')}@example.com"
    hosted.add_user(client("cognito-idp"), pool, email, temporary=True)
    page = visit.get("/oauth2/authorize", params=hosted.request(pool))
    asked = visit.post("/login", data=hosted.form(page, username=email, password=TEMPORARY_PASSWORD))
    chosen = {"new_password": password, "confirm_password": password}
    refused = visit.post("/login", data=hosted.form(asked, **chosen))
    assert (refused.status_code, lacks in refused.text) == (200, True)
    differing = {"new_password": OWN_PASSWORD, "confirm_password": PASSWORD}
    assert visit.post("/login", data=hosted.form(refused, **differing)).status_code == 200
    taken = {"new_password": OWN_PASSWORD, "confirm_password": OWN_PASSWORD}
    back = hosted.sent_back(visit.post("/login", data=hosted.form(refused, **taken)))
    assert hosted.exchange(visit, pool, back["code"]).status_code == 200


def test_a_pool_asks_for_no_kinds_that_it_does_not_name(client: Client, visit: httpx.Client) -> None:
    pool = hosted.make_pool(client("cognito-idp"), "kempelen-lenient", kinds={"RequireNumbers": True})
    hosted.add_user(client("cognito-idp"), pool, ADA, temporary=True)
    page = visit.get("/oauth2/authorize", params=hosted.request(pool))
    asked = visit.post("/login", data=hosted.form(page, username=ADA, password=TEMPORARY_PASSWORD))
    chosen = {"new_password": "lowercaseand7", "confirm_password": "lowercaseand7"}
    assert "at least 14 characters" in visit.post("/login", data=hosted.form(asked, **chosen)).text
    taken = {"new_password": "lowercaseand77", "confirm_password": "lowercaseand77"}
    assert hosted.sent_back(visit.post("/login", data=hosted.form(asked, **taken)))["code"]
    remove_pool(client("cognito-idp"), pool.id)


def test_signing_out_leads_to_the_clients_own_addresses_only(client: Client, visit: httpx.Client, pool: Pool) -> None:
    def leave(of: Pool, address: str) -> httpx.Response:
        return visit.get("/logout", params={"client_id": of.client_id, "logout_uri": address})

    assert (leave(pool, SIGNED_OUT).status_code, leave(pool, SIGNED_OUT).headers["location"]) == (302, SIGNED_OUT)
    assert leave(pool, "https://example.com/").status_code == 400
    assert leave(pool, "").status_code == 400
    assert leave(Pool(pool.id, "another"), SIGNED_OUT).status_code == 400
    without = hosted.make_pool(client("cognito-idp"), "kempelen-without", LogoutURLs=[])
    assert leave(without, "https://example.com/").status_code == 400
    remove_pool(client("cognito-idp"), without.id)


@pytest.fixture
def browser_page(browser: Browser) -> Iterator[Page]:
    context = browser.new_context()
    page = context.new_page()
    page.set_default_timeout(20_000)
    yield page
    context.close()


def test_a_newcomer_signs_in_to_an_application_in_a_browser(client: Client, browser_page: Page) -> None:
    """From the application's page to the hosted one, through the new password, and back; then out again."""
    cognito = client("cognito-idp")
    variables = {
        "SIGN_IN": "https://kempelen-browser.auth.us-east-1.amazoncognito.com",
        "VERIFIER": hosted.VERIFIER,
        "CHALLENGE": hosted.challenge(),
    }
    url = http_api.deploy(client, "hosted-sign-in", http_api.resources(APPLICATION.read_text(), **variables))["Url"]
    pool = hosted.make_pool(cognito, "kempelen-browser", callback=f"{url}/back", LogoutURLs=[f"{url}/out"])
    hosted.add_user(cognito, pool, ADA, temporary=True)

    page = browser_page
    page.goto(f"{url}/?client={pool.client_id}")
    page.get_by_role("link", name="Begin").click()
    page.get_by_label("Username").fill(ADA)
    page.get_by_label("Password").fill("wrong")
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_text("Incorrect username or password.")).to_be_visible()
    page.get_by_label("Username").fill(ADA)
    page.get_by_label("Password").fill(TEMPORARY_PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    for password in ("only-lower-case-7", OWN_PASSWORD):
        page.get_by_label("New password", exact=True).fill(password)
        page.get_by_label("Confirm new password").fill(password)
        page.get_by_role("button", name="Update password").click()
    expect(page.get_by_text("signed in: access_token,expires_in,id_token,refresh_token,token_type")).to_be_visible()
    assert page.url.startswith(f"{url}/back?code=")
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_text("signed out")).to_be_visible()
    assert page.url == f"{url}/out"
    remove_pool(cognito, pool.id)
