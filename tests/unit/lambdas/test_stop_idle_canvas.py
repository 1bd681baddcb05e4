"""Against botocore itself: real clients, stubbed answers."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import boto3
import pytest
from botocore.stub import Stubber

from adapters.old_apps import KINDS
from lambdas.shared import entry
from lambdas.stop_idle_canvas import handler
from stacks.constructs.studio.idle_canvas import _WITHOUT_IDLE_SETTINGS
from tests.support.fakes.lambda_context import Context

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
HOURS_AGO = NOW - timedelta(hours=5)


class Account:
    def __init__(self) -> None:
        options = {"region_name": "us-east-1", "aws_access_key_id": "x", "aws_secret_access_key": "x"}
        self.clients: dict[str, Any] = {name: boto3.client(name, **options) for name in ("sagemaker", "cloudwatch")}
        self.stubs = {name: Stubber(client) for name, client in self.clients.items()}

    def has(self, *apps: dict[str, Any]) -> None:
        listed = [{"DomainId": "d-ours", "AppName": "default", "CreationTime": HOURS_AGO, **app} for app in apps]
        self.stubs["sagemaker"].add_response("list_apps", {"Apps": listed}, {"DomainIdEquals": "d-ours"})

    def activity(self, profile: str, *idle: float, since: datetime = NOW - timedelta(minutes=30)) -> None:
        """Values of the last minutes, the newest last; CloudWatch gives them in any order."""
        points = [{"Timestamp": NOW - timedelta(minutes=n), "Minimum": v} for n, v in enumerate(reversed(idle))]
        request = {
            "Namespace": "/aws/sagemaker/Canvas/AppActivity",
            "MetricName": "TimeSinceLastActive",
            "Dimensions": [{"Name": "DomainId", "Value": "d-ours"}, {"Name": "UserProfileName", "Value": profile}],
            "StartTime": since,
            "EndTime": NOW,
            "Period": 60,
            "Statistics": ["Minimum"],
        }
        self.stubs["cloudwatch"].add_response("get_metric_statistics", {"Datapoints": points}, request)

    def closes(self, profile: str, refusal: str = "") -> None:
        request = {"DomainId": "d-ours", "UserProfileName": profile, "AppType": "Canvas", "AppName": "default"}
        if refusal:
            self.stubs["sagemaker"].add_client_error("delete_app", refusal, expected_params=request)
        else:
            self.stubs["sagemaker"].add_response("delete_app", {}, request)

    def tick(self) -> dict[str, Any]:
        answer = handler.handler({"time": "2026-11-22T12:00:00Z", "source": "aws.events"}, Context())
        for stub in self.stubs.values():
            stub.assert_no_pending_responses()
        return answer


@pytest.fixture
def account(monkeypatch: pytest.MonkeyPatch) -> Iterator[Account]:
    made = Account()
    monkeypatch.setenv("DOMAIN_ID", "d-ours")
    monkeypatch.setenv("IDLE_MINUTES", "60")
    monkeypatch.setenv("LONGEST_APP_HOURS", "0")
    monkeypatch.setattr(handler, "client", made.clients.__getitem__)
    monkeypatch.setattr(handler, "time", SimpleNamespace(time=NOW.timestamp))
    for stub in made.stubs.values():
        stub.activate()
    yield made
    for stub in made.stubs.values():
        stub.deactivate()


def canvas(profile: str, **more: Any) -> dict[str, Any]:
    return {"UserProfileName": profile, "AppType": "Canvas", "Status": "InService", **more}


def test_an_app_that_nobody_has_used_for_the_set_time_is_closed_and_others_stay_open(account: Account) -> None:
    account.has(canvas("ada"), canvas("bob"))
    account.activity("ada", 3400, 3660)
    account.activity("bob", 3660, 20)
    account.closes("ada")
    assert account.tick() == {"closed": ["ada"], "open": ["bob"], "old": []}


def test_other_apps_and_those_that_are_not_in_service_are_not_asked_about(account: Account) -> None:
    account.has(canvas("ada", Status="Deleted"), {"SpaceName": "lab", "AppType": "JupyterLab", "Status": "InService"})
    assert account.tick() == {"closed": [], "open": [], "old": []}


def test_an_app_of_which_nothing_is_known_stays_open(account: Account) -> None:
    account.has(canvas("ada"))
    account.activity("ada")
    assert account.tick() == {"closed": [], "open": ["ada"], "old": []}


def test_values_of_an_app_that_was_closed_before_do_not_count_for_the_one_that_was_opened_since(
    account: Account,
) -> None:
    opened = NOW - timedelta(minutes=3)
    account.has(canvas("ada", CreationTime=opened))
    account.activity("ada", since=opened)
    assert account.tick() == {"closed": [], "open": ["ada"], "old": []}


@pytest.mark.parametrize("refusal", ["ResourceInUse", "ResourceNotFound"])
def test_an_app_that_is_going_already_is_closed(account: Account, refusal: str) -> None:
    account.has(canvas("ada"))
    account.activity("ada", 7200)
    account.closes("ada", refusal)
    assert account.tick() == {"closed": ["ada"], "open": [], "old": []}


def test_apps_that_no_idle_setting_reaches_go_by_their_age_where_the_stage_says_so(
    account: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LONGEST_APP_HOURS", "4")
    entry.loaded.cache_clear()
    young = {"CreationTime": NOW - timedelta(hours=3)}
    apps = [
        canvas("ada", AppType="KernelGateway", AppName="kernel-1"),
        canvas("ada", AppType="KernelGateway", AppName="kernel-2", **young),
        canvas("bob", AppType="JupyterServer"),
        canvas("bob", AppType="JupyterLab"),
        canvas("bob", AppType="TensorBoard", Status="Deleted"),
    ]
    account.has(*apps)
    account.has(*apps)
    request = {"DomainId": "d-ours", "UserProfileName": "ada", "AppType": "KernelGateway", "AppName": "kernel-1"}
    account.stubs["sagemaker"].add_response("delete_app", {}, request)
    assert account.tick() == {"closed": [], "open": [], "old": ["KernelGateway/kernel-1 of ada"]}
    entry.loaded.cache_clear()


def test_the_template_permits_the_kinds_that_the_code_closes() -> None:
    assert {kind.lower() for kind in KINDS} == {kind.lower() for kind in _WITHOUT_IDLE_SETTINGS}
