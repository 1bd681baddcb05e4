"""Talking to a Label Studio server ends in time, is patient with a busy one, and shows no token."""

from __future__ import annotations

import pytest
import urllib3

from adapters.label_studio import LabelStudio
from adapters.label_studio_http import LabelStudioHttp
from domain.errors import AccessDenied, InvalidSettings, RequestRefused, ServiceUnavailable
from labelers.label_studio.secret import read_secret
from tests.support.fakes.label_studio import JWT, TOKEN, URL, FakeLabelStudio, Response


def client_of(server: FakeLabelStudio, token: str = TOKEN, pauses: list[float] | None = None) -> LabelStudio:
    waited = [] if pauses is None else pauses
    return LabelStudio(LabelStudioHttp(server, f"{URL}/", lambda: token, waited.append))  # type: ignore[arg-type]


def test_a_busy_server_is_asked_again_after_the_pause_that_it_wants() -> None:
    server, pauses = FakeLabelStudio(), []
    server.answers = [Response(429, b"{}", {"Retry-After": "3"}), 503]
    client_of(server, pauses=pauses).make_project({"title": "a project"})
    assert len(server.projects) == 1
    assert pauses[0] >= 3
    assert all(pause <= 8 for pause in pauses)


def test_patience_ends() -> None:
    server = FakeLabelStudio()
    server.answers = [503] * 9
    with pytest.raises(ServiceUnavailable, match="503"):
        client_of(server).version()
    assert len(server.asked) == 4


@pytest.mark.parametrize("answer", [500, urllib3.exceptions.ReadTimeoutError(None, URL, "late")])  # type: ignore[arg-type]
def test_what_may_have_been_done_is_not_done_again(answer: object) -> None:
    server = FakeLabelStudio()
    server.answers = [answer]
    with pytest.raises(ServiceUnavailable):
        client_of(server).make_project({"title": "a project"})
    assert server.asked == ["POST /api/projects"]


def test_a_personal_access_token_is_traded_and_traded_again_when_it_ends() -> None:
    server = FakeLabelStudio()
    client = client_of(server, JWT)
    assert client.me() == client.me() == "owner@example.com"
    assert server.accesses == 1
    server.accesses += 1  # the five minutes are over
    assert client.me() == "owner@example.com"
    with pytest.raises(AccessDenied, match="401"):
        client_of(server, "not.the.one").me()


def test_no_message_shows_the_token_and_no_redirect_gets_it() -> None:
    server = FakeLabelStudio()
    with pytest.raises(AccessDenied) as denied:
        client_of(server, "hush-hush").me()
    server.answers = [Response(302, b"", {"Location": "https://elsewhere.example.com"})]
    with pytest.raises(RequestRefused, match="label_studio_url"):
        client_of(server).me()
    assert "hush" not in str(denied.value)
    assert len(server.asked) == 2


def test_what_is_no_label_studio_is_told_so() -> None:
    server = FakeLabelStudio()
    server.answers = [Response(200, b"<html>")]
    with pytest.raises(RequestRefused, match="is it a Label Studio server"):
        client_of(server).version()


def test_a_title_that_only_contains_the_name_is_another() -> None:
    server = FakeLabelStudio()
    client = client_of(server)
    for title in ("faces", "more faces", "faces"):
        client.make_project({"title": title})
    assert [project["id"] for project in client.projects("faces")] == [1, 3]
    assert client.projects("nobody") == []


@pytest.mark.parametrize(
    ("text", "token", "key"),
    [
        ("abc\n", "abc", None),
        ('{"token": "abc"}', "abc", None),
        ('{"token": "abc", "access_key_id": "AKIA", "secret_access_key": "s"}', "abc", ("AKIA", "s")),
    ],
)
def test_a_secret_is_a_token_or_more(text: str, token: str, key: tuple[str, str] | None) -> None:
    secret = read_secret(text, "name")
    assert (secret.token, secret.key) == (token, key)
    assert "abc" not in repr(secret)


@pytest.mark.parametrize("text", ["", "{}", '{"token"', '{"token": "abc", "access_key_id": "AKIA"}', "two words"])
def test_a_secret_without_a_token_is_refused_unshown(text: str) -> None:
    with pytest.raises(InvalidSettings, match="label_studio_secret: the secret name") as refused:
        read_secret(text, "name")
    assert "AKIA" not in str(refused.value)
    assert "words" not in str(refused.value)
