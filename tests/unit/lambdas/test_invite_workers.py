"""Who is new in the settings is invited to our own portal, once; nobody is invited again by a later deployment."""

from __future__ import annotations

from typing import Any

import pytest

from lambdas.invite_workers import handler
from lambdas.shared import inviting
from tests.unit.lambdas.conftest import Context

ADA, BOB = "ada@example.com", "bob@example.com"


@pytest.fixture
def asked(functions: Any, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Whom Cognito was asked to invite; it refuses Bob."""
    found: list[str] = []

    class SignIn:
        def __init__(self, _client: Any) -> None: ...

        def invite(self, _pool: str, email: str) -> None:
            found.append(email)
            if email == BOB:
                raise inviting.AwsError("Cognito sends no more today")

    monkeypatch.setattr(handler, "SignInClient", SignIn)
    return found


def event(kind: str, workers: list[str], before: list[str] | None = None) -> dict[str, Any]:
    made = {"RequestType": kind, "ResourceProperties": {"UserPoolId": "pool", "Workers": workers}, "StackId": "stack"}
    return made if before is None else {**made, "OldResourceProperties": {"Workers": before}}


def test_everybody_is_invited_and_one_who_cannot_be_holds_up_nobody(asked: list[str]) -> None:
    answer = handler.on_event(event("Create", [BOB, ADA]), Context())
    assert asked == [ADA, BOB]
    assert answer == {"PhysicalResourceId": "invitations"}


def test_later_only_those_who_are_new(asked: list[str]) -> None:
    handler.on_event(event("Update", [ADA, "eve@example.com"], before=[ADA]), Context())
    assert asked == ["eve@example.com"]


def test_a_deletion_invites_nobody(asked: list[str]) -> None:
    handler.on_event(event("Delete", [ADA]), Context())
    assert asked == []
