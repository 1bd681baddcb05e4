"""A worker who is invited reads where to work; other messages of Cognito stay as they are."""

from __future__ import annotations

import re
from typing import Any

import pytest

from domain.errors import NotFound
from lambdas.invitation import handler
from lambdas.shared import entry
from tests.support.fakes.lambda_context import Context
from tests.support.fakes.workforce import FakeWorkforces


def question(trigger: str = "CustomMessage_AdminCreateUser", pool: str = "pool") -> dict[str, Any]:
    """docs.aws.amazon.com/cognito/latest/developerguide/user-pool-lambda-custom-message.html"""
    return {
        "version": "1",
        "triggerSource": trigger,
        "region": "us-east-1",
        "userPoolId": pool,
        "userName": "0d1f2a3b",
        "callerContext": {"awsSdkVersion": "1", "clientId": "CLIENT_ID_NOT_APPLICABLE"},
        "request": {
            "userAttributes": {"email": "ada@example.com"},
            "codeParameter": "{####}",
            "usernameParameter": "{username}",
        },
        "response": {"smsMessage": None, "emailMessage": None, "emailSubject": None},
    }


@pytest.fixture
def ask(monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.setenv("STAGE", "dev")
    monkeypatch.setenv("ASKED_BY", "Ada <b>Lovelace</b>")
    entry.loaded.cache_clear()
    workforces = FakeWorkforces()
    workforces.exists()
    monkeypatch.delenv("PORTAL_ADDRESS", raising=False)
    monkeypatch.setattr(handler, "client", {"sagemaker": workforces}.__getitem__)
    yield lambda event: handler.handler(event, Context(lambda: 5_000))
    entry.loaded.cache_clear()


def test_an_invitation_names_the_portal_the_asker_and_the_rules(ask: Any) -> None:
    asked = question()
    answer = ask(asked)
    said = answer["response"]
    assert said["emailSubject"] == "Please label images (Kempelen, dev)"
    assert 'href="https://abc.labeling.us-east-1.sagemaker.aws"' in said["emailMessage"]
    assert "Ada &lt;b&gt;Lovelace" in said["emailMessage"]
    assert "14 characters" in said["emailMessage"]
    assert "7 days" in said["emailMessage"]
    # Without both places Cognito refuses the message.
    assert "{####}" in said["emailMessage"]
    assert "{username}" in said["emailMessage"]
    assert answer | {"response": None} == asked | {"response": None}


def test_other_messages_stay_as_they_are(ask: Any) -> None:
    asked = question("CustomMessage_ForgotPassword")
    assert ask(asked) == asked


def test_there_is_no_invitation_to_nowhere(ask: Any) -> None:
    with pytest.raises(NotFound, match="no workforce uses the user pool other"):
        ask(question(pool="other"))


OURS, GROUND_TRUTHS = "https://ours.example.com", "https://abc.labeling.us-east-1.sagemaker.aws"


@pytest.mark.parametrize(
    ("in_ground_truth", "pool", "named"),
    [("false", "pool", [OURS]), ("true", "pool", [OURS, GROUND_TRUTHS]), ("true", "other", [OURS])],
)
def test_people_who_may_be_asked_in_two_portals_read_both_addresses(
    ask: Any, monkeypatch: pytest.MonkeyPatch, in_ground_truth: str, pool: str, named: list[str]
) -> None:
    monkeypatch.setenv("PORTAL_ADDRESS", OURS)
    monkeypatch.setenv("IN_GROUND_TRUTH", in_ground_truth)
    said = ask(question(pool=pool))["response"]["emailMessage"]
    assert re.findall(r'href="([^"]+)"', said) == named
    assert ("the same password" in said) == (len(named) == 2)
