from __future__ import annotations

from typing import Any

import pytest

from domain.errors import SettingIsFixed
from lambdas.fixed_settings.handler import on_event
from tests.support.fakes.lambda_context import Context

STANDING = {"storage.own_key": "false", "storage.bucket": "own", "studio.auth": "IAM"}


def ask(kind: str, settings: dict[str, str], identity: str = "", old: dict[str, str] | None = None) -> str:
    event: dict[str, Any] = {
        "RequestType": kind,
        "StackId": "stack",
        "PhysicalResourceId": identity,
        "ResourceProperties": {"Settings": settings},
        "OldResourceProperties": {"Settings": old or {}},
    }
    return str(on_event(event, Context())["PhysicalResourceId"])


@pytest.fixture(autouse=True)
def stage(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STAGE", "dev")


@pytest.mark.parametrize(
    ("setting", "value"), [("studio.auth", "SSO"), ("storage.own_key", "true"), ("storage.bucket", "theirs")]
)
def test_a_change_is_refused_by_name_and_says_what_to_do(setting: str, value: str) -> None:
    identity = ask("Create", STANDING)
    with pytest.raises(SettingIsFixed, match=rf"{setting} from '.*' to '{value}'.*home directory.*cdk destroy --all"):
        ask("Update", {**STANDING, setting: value}, identity)


def test_the_rollback_of_a_refused_update_is_let_through() -> None:
    """CloudFormation asks once more with old and new exchanged; were that refused, the stack would be stuck."""
    identity, refused = ask("Create", STANDING), {**STANDING, "studio.auth": "SSO"}
    with pytest.raises(SettingIsFixed):
        ask("Update", refused, identity, old=STANDING)
    assert ask("Update", STANDING, identity, old=refused) == identity


def test_a_setting_that_a_newer_version_fixes_is_accepted_once_and_then_stands() -> None:
    identity = ask("Update", {**STANDING, "network.mode": "VpcOnly"}, ask("Create", STANDING))
    with pytest.raises(SettingIsFixed, match=r"network\.mode"):
        ask("Update", {**STANDING, "network.mode": "PublicInternetOnly"}, identity)


def test_deletion_asks_nothing() -> None:
    assert ask("Delete", STANDING, "anything") == "anything"
