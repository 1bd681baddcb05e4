from __future__ import annotations

import itertools
import json
import random
from types import SimpleNamespace
from typing import Any

import pytest

from adapters.teardown.deadline import before_timeout
from domain.errors import InvalidInput, InvalidSettings, TeardownIncomplete
from lambdas.teardown_resource import handler as resource
from lambdas.teardown_step import handler as step
from tests.support.fakes.clients import FakeClient, fake_clients
from tests.support.fakes.faults import TRANSIENT, Faults
from tests.support.fakes.lambda_context import Context
from tests.support.fakes.studio import FakeStudio
from tests.support.fakes.teardown_worlds import (
    MACHINE,
    OURS,
    PREFIX,
    TWIN,
    add_app,
    add_domain,
    add_logs,
    add_profile,
    add_work,
    left_of,
    others,
    running_jobs,
)

STACK_EVENT = {
    "StackId": "stack",
    "LogicalResourceId": "Teardown",
    "ResourceProperties": {"ServiceToken": "arn", "DomainId": OURS},
}
TEARDOWN_MACHINE = MACHINE.replace("pipeline", "teardown")


class Account:
    """A used domain and its twin, with the handlers bound to it."""

    def __init__(self) -> None:
        self.studio = FakeStudio(random.Random(1), slowest=30)
        self.faults = Faults()
        for domain in (OURS, TWIN):
            add_domain(self.studio, domain)
            add_profile(self.studio, domain, "alice")
            add_app(self.studio, domain, kind="Canvas", UserProfileName="alice")

    def step(self, **changes: Any) -> dict[str, Any]:
        event = {
            "input": {"confirm": "dev"},
            "memory": {},
            "machine": TEARDOWN_MACHINE,
            "execution": "run-1",
            **changes,
        }
        answer: dict[str, Any] = json.loads(json.dumps(step.handler(event, Context())))
        return answer

    def stack_deletes(self, minutes: int = 60, **properties: str) -> bool:
        """What CDK's provider framework does on Delete: on_event, then is_complete every five seconds."""
        event = {**STACK_EVENT, "RequestType": "Delete", "PhysicalResourceId": f"teardown-{OURS}"}
        event["ResourceProperties"] = {"ServiceToken": "arn", "DomainId": OURS, **properties}
        begun = json.loads(json.dumps(resource.on_event(event, Context())))
        assert begun["PhysicalResourceId"] == event["PhysicalResourceId"]
        for _ in range(minutes * 12):
            self.studio.sleep(5)
            if resource.is_complete({**event, **begun}, Context())["IsComplete"]:
                return True
        return False


@pytest.fixture
def account(monkeypatch: pytest.MonkeyPatch) -> Account:
    made = Account()
    variables = {
        "DOMAIN_ID": OURS,
        "STAGE": "dev",
        "PROJECT_TAG": "kempelen:stage",
        "JOB_NAME_PREFIX": PREFIX,
        "RETAIN": "false",
        "SCHEDULE_GROUP": "kempelen-dev",
        "STATE_MACHINE_ARNS": json.dumps([MACHINE, TEARDOWN_MACHINE]),
    }
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(resource, "client", lambda name: FakeClient(name, made.studio, made.faults, check=True))
    clock = SimpleNamespace(time=made.studio.clock, sleep=made.studio.sleep)
    for module in (step, resource):
        monkeypatch.setattr(module.Clients, "made_by", lambda _: fake_clients(made.studio, made.faults))
        monkeypatch.setattr(module, "time", clock)
    return made


def test_a_step_asks_for_deletion_and_hands_its_memory_on(account: Account) -> None:
    first = account.step()
    assert first["verdict"] == "again"
    assert first["done"] is False
    assert first["deleted"] == ["app Canvas/default of user profile alice"]
    assert first["pause"] == 1
    assert first["memory"]["home_file_system"] == "fs-ours"
    second = account.step(memory=first["memory"])
    assert {"name": "app Canvas/default of user profile alice", "reason": "is Deleting"} in second["waiting_for"]
    assert second["memory"]["rounds"] == 2


def test_steps_end_with_nothing_of_ours_and_everything_of_others(account: Account) -> None:
    add_work(account.studio, "dev", PREFIX, MACHINE, "kempelen-dev")
    before = others(account.studio)
    report = account.step()
    while report["verdict"] == "again":
        account.studio.sleep(report["pause"])
        report = account.step(memory=report["memory"])
    assert report["verdict"] == "empty"
    assert left_of(account.studio, OURS, PREFIX) == []
    assert others(account.studio) == before


def test_the_machine_that_asks_is_not_stopped(account: Account) -> None:
    add_work(account.studio, "dev", PREFIX, TEARDOWN_MACHINE, "kempelen-dev")
    assert not any(name.startswith("execution") for name in account.step()["deleted"])


def test_a_dry_run_deletes_nothing(account: Account) -> None:
    report = account.step(input={"dry_run": True})
    assert report["verdict"] == "listed"
    assert {"name": "app Canvas/default of user profile alice", "reason": "would be deleted"} in report["waiting_for"]
    assert account.studio.list_apps(OURS)[0]["Status"] == "InService"


@pytest.mark.parametrize("given", [{}, {"confirm": "prod"}, {"confirm": "", "dry_run": False}])
def test_nothing_is_deleted_unless_the_stage_is_named(account: Account, given: dict[str, Any]) -> None:
    with pytest.raises(InvalidInput, match=r'Start it with {"confirm": "dev"}'):
        account.step(input=given)
    assert account.faults.calls.total() == 0


@pytest.mark.parametrize("wrong", [{"dryrun": True}, {"dry_run": "yes"}, {"dry_run": 1}])
def test_a_malformed_input_is_refused_by_the_fields_name_before_anything_is_deleted(
    account: Account, wrong: dict[str, Any]
) -> None:
    with pytest.raises(InvalidInput, match=next(iter(wrong))):
        account.step(input=wrong)
    assert account.faults.calls.total() == 0


@pytest.mark.parametrize(
    ("variable", "value"), [("DOMAIN_ID", ""), ("JOB_NAME_PREFIX", ""), ("SCHEDULE_GROUP", "default")]
)
def test_settings_that_would_reach_others_are_refused(
    account: Account, monkeypatch: pytest.MonkeyPatch, variable: str, value: str
) -> None:
    monkeypatch.setenv(variable, value)
    with pytest.raises(InvalidSettings, match=variable.lower()):
        account.step()
    assert account.faults.calls.total() == 0


@pytest.mark.parametrize("variable", ["PROJECT_TAG", "RETAIN"])
def test_a_missing_variable_is_named(account: Account, monkeypatch: pytest.MonkeyPatch, variable: str) -> None:
    monkeypatch.delenv(variable)
    with pytest.raises(InvalidSettings, match=variable):
        account.step()


@pytest.mark.parametrize(("keep", "left"), [("true", 3), ("false", 0)])
def test_a_deleted_stack_takes_the_logs_of_jobs_unless_they_are_kept(
    account: Account, monkeypatch: pytest.MonkeyPatch, keep: str, left: int
) -> None:
    monkeypatch.setenv("RETAIN", keep)
    add_logs(account.studio, PREFIX, jobs=3)
    assert account.stack_deletes()
    assert len(account.studio.streams_of(PREFIX)) == left
    assert len(account.studio.log_groups) == (1 if left else 0)


def test_a_deleted_stack_gets_through_batches_of_logs_although_it_forgets_between_two_questions(
    account: Account,
) -> None:
    add_logs(account.studio, PREFIX, jobs=700)
    assert account.stack_deletes()
    assert account.studio.log_groups == {}


@pytest.mark.parametrize("request_type", ["Create", "Update"])
def test_creating_and_updating_the_resource_touches_nothing(account: Account, request_type: str) -> None:
    event = {**STACK_EVENT, "RequestType": request_type}
    assert resource.on_event(event, Context()) == {"PhysicalResourceId": f"teardown-{OURS}"}
    assert resource.is_complete(event, Context()) == {"IsComplete": True}
    assert account.faults.calls.total() == 0


def test_a_deleted_stack_takes_the_used_domain_down(account: Account) -> None:
    before = others(account.studio)
    assert account.stack_deletes()
    assert left_of(account.studio, OURS, PREFIX) == []
    assert others(account.studio) == before


def test_the_workflow_stack_stops_what_runs_and_leaves_the_domain_alone(account: Account) -> None:
    add_work(account.studio, "dev", PREFIX, MACHINE, "kempelen-dev")
    account.studio.executions["own"] = {
        "executionArn": "own",
        "name": "own",
        "stateMachineArn": TEARDOWN_MACHINE,
        "status": "RUNNING",
    }
    before = others(account.studio)
    assert account.stack_deletes(Part="work")
    assert running_jobs(account.studio, PREFIX) == []
    assert account.studio.schedules == {}
    assert {run["status"] for run in account.studio.executions.values()} == {"ABORTED"}
    assert account.studio.list_apps(OURS)[0]["Status"] == "InService"
    assert OURS in account.studio.domains
    assert others(account.studio) == before


def test_the_resource_that_stops_work_outlives_a_change_of_the_domain(account: Account) -> None:
    event = {**STACK_EVENT, "RequestType": "Update", "ResourceProperties": {"DomainId": "d-new", "Part": "work"}}
    assert resource.on_event(event, Context()) == {"PhysicalResourceId": "teardown-work"}


def test_a_domain_that_is_gone_already_is_complete_at_the_first_question(account: Account) -> None:
    assert account.stack_deletes()
    asked = account.studio.now
    assert account.stack_deletes()
    assert account.studio.now - asked == 6


def test_a_deleted_stack_survives_passing_faults(account: Account) -> None:
    kinds = [kind for kind in TRANSIENT if kind != "crash"]
    operations = ["list_apps", "delete_app", "describe_domain", "delete_domain", "delete_security_group"]
    sites = itertools.product(operations, (1, 2, 3))
    account.faults.planned = dict(zip(sites, itertools.cycle(kinds), strict=False))
    assert account.stack_deletes()
    assert left_of(account.studio, OURS, PREFIX) == []


def test_an_app_that_may_not_be_deleted_fails_the_stack_by_name_within_minutes(account: Account) -> None:
    account.faults.always = [("delete_app", (), "denied")]
    started = account.studio.now
    with pytest.raises(TeardownIncomplete, match="app Canvas/default of user profile alice: access denied") as caught:
        account.stack_deletes()
    assert len(str(caught.value)) < 3500
    assert account.studio.now - started < 180


def test_one_odd_refusal_after_minutes_does_not_fail_the_stack(account: Account) -> None:
    account.faults.planned = {("delete_domain", 1): "refused"}
    account.studio.slowest = 300
    assert account.stack_deletes()


def test_an_app_that_stays_pending_fails_the_stack_by_name_before_the_frameworks_time_out(
    account: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    account.studio.list_apps(OURS)[0]["Status"] = "Pending"
    monkeypatch.setenv("TEARDOWN_SECONDS", "600")
    started = account.studio.now
    with pytest.raises(TeardownIncomplete, match="app Canvas/default of user profile alice: is Pending"):
        account.stack_deletes(minutes=15)
    assert 600 <= account.studio.now - started < 660


def test_the_time_for_requests_ends_before_the_functions_time_out() -> None:
    left = [300_000]
    in_time = before_timeout(lambda: left[0])
    assert in_time()
    left[0] = 90_000
    assert not in_time()


def test_a_function_with_a_short_time_out_still_gets_something_done() -> None:
    left = [60_000]
    in_time = before_timeout(lambda: left[0])
    assert in_time()
    left[0] = 30_000
    assert not in_time()
