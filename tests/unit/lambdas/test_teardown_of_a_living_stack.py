"""CloudFormation deletes a resource of a stack that lives on, too: when an update removes or renames it, and when the
update that brought it is rolled back. Nobody's home directory may go with it."""

from __future__ import annotations

import random

import pytest

from tests.support.fakes.faults import Faults
from tests.support.fakes.studio import FakeStudio
from tests.support.fakes.teardown_engines import Account, Outcome, run_all
from tests.support.fakes.teardown_worlds import (
    MACHINE,
    OURS,
    PREFIX,
    STAGE,
    add_app,
    add_domain,
    add_profile,
    add_work,
    left_of,
)

PARTS = [{}, {"Part": "work"}]
LIVES_ON = (
    "UPDATE_IN_PROGRESS",
    "UPDATE_COMPLETE_CLEANUP_IN_PROGRESS",
    "UPDATE_ROLLBACK_IN_PROGRESS",
    "UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS",
    "IMPORT_ROLLBACK_IN_PROGRESS",
)


@pytest.fixture
def account() -> Account:
    studio = FakeStudio(random.Random(1), slowest=30)
    add_domain(studio, OURS)
    add_profile(studio, OURS, "alice")
    add_app(studio, OURS, kind="Canvas", UserProfileName="alice")
    add_work(studio, STAGE, PREFIX, MACHINE, "kempelen-dev")
    return Account(studio, Faults(), check=True)


def deleted(account: Account, properties: dict[str, str]) -> Outcome:
    """CloudFormation deletes one resource of the stack."""

    def engine():
        reason, asked = yield from account.deletion(properties)
        return Outcome("deletion", done=not reason, cause=reason, events=asked)

    (outcome,) = run_all(account, [(0, engine())], faults_end=1e9)
    return outcome


@pytest.mark.parametrize("properties", PARTS, ids=str)
@pytest.mark.parametrize("status", LIVES_ON)
def test_a_resource_that_an_update_deletes_takes_nothing_along(
    account: Account, status: str, properties: dict[str, str]
) -> None:
    account.studio.stack_status = status
    before = left_of(account.studio, OURS, PREFIX)
    assert deleted(account, properties).done
    assert left_of(account.studio, OURS, PREFIX) == before
    assert account.studio.list_apps(OURS)[0]["Status"] == "InService"


@pytest.mark.parametrize("status", ["ROLLBACK_IN_PROGRESS", "DELETE_IN_PROGRESS"])
def test_a_stack_that_goes_takes_all_along(account: Account, status: str) -> None:
    account.studio.stack_status = status
    assert deleted(account, {}).done
    assert left_of(account.studio, OURS, PREFIX) == []


@pytest.mark.parametrize("properties", PARTS, ids=str)
@pytest.mark.parametrize("kind", ["throttled", "server error", "timed out", "poison entry", "denied"])
def test_nothing_is_deleted_until_it_is_known_that_the_stack_goes(
    account: Account, kind: str, properties: dict[str, str]
) -> None:
    account.faults.planned = {("describe_stacks", number): kind for number in range(1, 11)}
    account.studio.stack_status = "UPDATE_ROLLBACK_IN_PROGRESS"
    before = left_of(account.studio, OURS, PREFIX)
    assert deleted(account, properties).done
    assert account.faults.calls["describe_stacks"] == 11
    assert left_of(account.studio, OURS, PREFIX) == before


def test_who_may_not_know_is_told_so_within_minutes_and_nothing_is_deleted(account: Account) -> None:
    account.faults.always = [("describe_stacks", (), "denied")]
    before, began = left_of(account.studio, OURS, PREFIX), account.studio.now
    failed = deleted(account, {})
    assert "Left: stack stack: describe_stacks: AccessDeniedException" in failed.cause
    assert "See that cloudformation:DescribeStacks is allowed" in failed.cause
    assert account.studio.now - began < 180
    assert left_of(account.studio, OURS, PREFIX) == before
