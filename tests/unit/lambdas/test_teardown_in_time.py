"""A step ends before its function is cut off, however long the lists of others' things are."""

from __future__ import annotations

import random

import pytest

from lambdas.teardown_resource import handler as resource
from lambdas.teardown_step import handler as step
from tests.support.fakes.lambda_context import Context
from tests.support.fakes.studio import FakeStudio
from tests.support.fakes.teardown_engines import TEARDOWN, Account
from tests.support.fakes.teardown_worlds import OURS, PREFIX, add_domain, add_logs

CALL_SECONDS, TIMEOUT_SECONDS = 0.05, 300


class SlowStudio(FakeStudio):
    """Each request takes its time."""

    def settle(self) -> None:
        self.now += CALL_SECONDS
        super().settle()


@pytest.fixture
def account() -> Account:
    """Our stage `dev` is nearly gone; the stage `dev-2`, whose jobs have our prefix too, has run for a year."""
    studio = SlowStudio(random.Random(1), slowest=5)
    add_logs(studio, f"{PREFIX}2-", jobs=3_000, stage="dev-2")
    return Account(studio)


def context(account: Account) -> Context:
    end = account.studio.now + TIMEOUT_SECONDS
    return Context(lambda: int(1000 * (end - account.studio.now)))


def test_the_state_machines_step_says_that_it_had_no_time_for_the_rest(account: Account) -> None:
    began = account.studio.now
    with account.bound():
        report = step.handler(
            {"input": {"confirm": "dev"}, "memory": {}, "machine": TEARDOWN, "execution": "one"}, context(account)
        )
    assert account.studio.now - began < TIMEOUT_SECONDS - 100
    assert report["verdict"] == "again"
    assert {"name": "log streams", "reason": "could not be listed: the step's time was up"} in report["waiting_for"]


def test_cloudformations_question_is_answered_in_time_and_not_with_yes(account: Account) -> None:
    began = account.studio.now
    event = {
        "RequestType": "Delete",
        "StackId": "stack",
        "ResourceProperties": {"DomainId": OURS},
        "Data": {"StartedAt": began, "Stack": "goes"},
    }
    with account.bound():
        assert resource.is_complete(event, context(account)) == {"IsComplete": False}
    assert account.studio.now - began < TIMEOUT_SECONDS - 100


def test_what_costs_goes_although_there_is_no_time_for_logs(account: Account) -> None:
    add_domain(account.studio, OURS)
    with account.bound():
        step.handler(
            {"input": {"confirm": "dev"}, "memory": {}, "machine": TEARDOWN, "execution": "one"}, context(account)
        )
    assert account.studio.domains[OURS]["Status"] == "Deleting"
