from __future__ import annotations

import itertools
from typing import Any

import pytest

from domain.teardown.plan import PLAN, Item, Kind, Note, Snapshot, Unread, decide, key_of

DOMAIN = key_of(Kind.DOMAIN, "d-1")


def any_app(name: str = "default", status: str = "InService", *lives_in: str) -> Item:
    return Item(Kind.APP, name, status, lives_in=frozenset({DOMAIN, *lives_in}))


def any_item(kind: Kind, name: str = "one", status: str = "InService", **more: Any) -> Item:
    return Item(kind, name, status, **more)


def deletable(*items: Item) -> list[str]:
    return [item.key for item in decide(Snapshot(items)).actions]


def test_an_empty_snapshot_is_empty() -> None:
    assert decide(Snapshot()).empty


@pytest.mark.parametrize("kind", list(Kind))
def test_an_item_of_any_kind_that_nothing_holds_is_deleted(kind: Kind) -> None:
    decision = decide(Snapshot((any_item(kind, status="RUNNING"),)))
    assert [item.kind for item in decision.actions] == [kind]
    assert not decision.empty


def test_the_plan_knows_every_kind_and_holders_come_earlier_in_its_order() -> None:
    order = list(Kind)
    assert set(PLAN) == set(Kind)
    for kind, plan in PLAN.items():
        assert all(order.index(holder) < order.index(kind) for holder in plan.held_by)


HOLDERS = {
    Kind.SPACE: {Kind.APP},
    Kind.USER_PROFILE: {Kind.APP, Kind.SPACE},
    Kind.DOMAIN: {Kind.APP, Kind.SPACE, Kind.USER_PROFILE},
    Kind.ACCESS_POINT: {Kind.DOMAIN},
    Kind.MOUNT_TARGET: {Kind.DOMAIN},
    Kind.FILE_SYSTEM: {Kind.DOMAIN, Kind.ACCESS_POINT, Kind.MOUNT_TARGET},
    Kind.SECURITY_GROUP_RULES: {Kind.DOMAIN, Kind.MOUNT_TARGET},
    Kind.SECURITY_GROUP: {Kind.DOMAIN, Kind.MOUNT_TARGET, Kind.SECURITY_GROUP_RULES},
    Kind.LOG_STREAM: {Kind.PROCESSING_JOB},
    Kind.LOG_GROUP: {Kind.PROCESSING_JOB, Kind.LOG_STREAM},
}


@pytest.mark.parametrize(("holder", "held"), list(itertools.permutations(Kind, 2)))
def test_each_kind_waits_for_exactly_its_holders(holder: Kind, held: Kind) -> None:
    decision = decide(Snapshot((any_item(held, "held", "x"), any_item(holder, "holder", "x"))))
    waits = holder in HOLDERS.get(held, set())
    assert (key_of(held, "held") not in [item.key for item in decision.actions]) == waits
    assert (Note(key_of(held, "held"), f"held by {key_of(holder, 'holder')}") in decision.held) == waits


def test_actions_come_in_plan_order_whatever_the_order_of_listing() -> None:
    items = [
        any_item(kind) for kind in (Kind.APP, Kind.LABELING_JOB, Kind.SCHEDULE, Kind.PROCESSING_JOB, Kind.EXECUTION)
    ]
    assert deletable(*items) == ["schedule one", "execution one", "labeling job one", "processing job one", "app one"]


def test_an_execution_that_started_another_is_stopped_before_it() -> None:
    child, parent = Item(Kind.EXECUTION, "label/one", turn=1), Item(Kind.EXECUTION, "pipeline/one", turn=0)
    assert decide(Snapshot((child, parent))).actions == (parent, child)


def test_an_app_holds_its_own_space_and_the_domain_but_no_other_space() -> None:
    lab, other = any_item(Kind.SPACE, "lab"), any_item(Kind.SPACE, "other")
    app = any_app("JupyterLab/default of space lab", "InService", lab.key)
    assert deletable(lab, other, app, any_item(Kind.DOMAIN, "d-1")) == [app.key, other.key]


def test_a_private_space_holds_its_owner_and_a_shared_space_holds_every_profile() -> None:
    alice, bob = any_item(Kind.USER_PROFILE, "alice"), any_item(Kind.USER_PROFILE, "bob")
    private = any_item(Kind.SPACE, "private", lives_in=frozenset({alice.key, DOMAIN}))
    shared = any_item(Kind.SPACE, "shared")
    assert deletable(alice, bob, private) == [private.key, bob.key]
    assert deletable(alice, bob, shared) == [shared.key]


@pytest.mark.parametrize("status", ["Deleted", "Failed"])
def test_a_deleted_or_failed_app_neither_counts_nor_holds(status: str) -> None:
    space = any_item(Kind.SPACE, "lab")
    decision = decide(Snapshot((any_app("JupyterLab/default of space lab", status, space.key), space)))
    assert decision.actions == (space,)
    assert decide(Snapshot((any_app("x", status),))).empty


@pytest.mark.parametrize("order", [("Deleted", "InService"), ("InService", "Deleted")])
def test_a_deleted_app_does_not_hide_the_living_one_that_took_its_name(order: tuple[str, str]) -> None:
    name = "JupyterLab/default of space lab"
    assert deletable(*(any_app(name, status) for status in order)) == [f"app {name}"]


@pytest.mark.parametrize("status", ["Pending", "Deleting"])
def test_a_pending_or_deleting_app_is_waited_for_and_holds(status: str) -> None:
    space = any_item(Kind.SPACE, "lab")
    decision = decide(Snapshot((any_app("JupyterLab/default of space lab", status, space.key), space)))
    assert decision.actions == ()
    assert decision.moving == (Note("app JupyterLab/default of space lab", f"is {status}"),)
    assert decision.held == (Note("space lab", "held by app JupyterLab/default of space lab"),)


@pytest.mark.parametrize("kind", [Kind.SPACE, Kind.USER_PROFILE, Kind.DOMAIN])
@pytest.mark.parametrize("status", ["InService", "Failed", "Update_Failed", "Delete_Failed"])
def test_failed_spaces_profiles_and_domains_are_deleted_again(kind: Kind, status: str) -> None:
    assert deletable(any_item(kind, status=status)) == [key_of(kind, "one")]


@pytest.mark.parametrize("kind", [Kind.SPACE, Kind.USER_PROFILE, Kind.DOMAIN])
@pytest.mark.parametrize("status", ["Pending", "Updating", "Deleting"])
def test_spaces_profiles_and_domains_in_transition_are_waited_for(kind: Kind, status: str) -> None:
    decision = decide(Snapshot((any_item(kind, status=status),)))
    assert decision.moving == (Note(key_of(kind, "one"), f"is {status}"),)


@pytest.mark.parametrize("kind", [Kind.LABELING_JOB, Kind.PROCESSING_JOB])
def test_jobs_that_ended_count_as_gone_and_stopping_ones_are_waited_for(kind: Kind) -> None:
    for status in ("Completed", "Failed", "Stopped"):
        assert decide(Snapshot((any_item(kind, status=status),))).empty
    assert decide(Snapshot((any_item(kind, status="Stopping"),))).moving
    assert deletable(any_item(kind, status="InProgress")) == [key_of(kind, "one")]


@pytest.mark.parametrize("kind", [Kind.ACCESS_POINT, Kind.MOUNT_TARGET, Kind.FILE_SYSTEM])
def test_efs_states_are_understood(kind: Kind) -> None:
    assert decide(Snapshot((any_item(kind, status="deleted"),))).empty
    for status in ("creating", "updating", "deleting"):
        assert decide(Snapshot((any_item(kind, status=status),))).moving
    for status in ("available", "error"):
        assert deletable(any_item(kind, status=status)) == [key_of(kind, "one")]


def test_a_status_that_nobody_knows_is_tried() -> None:
    assert deletable(any_item(Kind.SPACE, status="Hibernating")) == ["space one"]


@pytest.mark.parametrize("kind", list(Kind))
def test_a_list_that_broke_off_is_never_empty(kind: Kind) -> None:
    assert not decide(Snapshot(unread=(Unread(kind, "throttled", passing=True),))).empty


def test_a_kind_that_could_not_be_listed_holds_what_it_might_hold() -> None:
    """Otherwise the file system of a living domain could be deleted because DescribeDomain was throttled."""
    system = any_item(Kind.FILE_SYSTEM, "fs-1", "available")
    decision = decide(Snapshot((system,), (Unread(Kind.DOMAIN, "throttled", passing=True),)))
    assert decision.actions == ()
    assert decision.held == (Note("file system fs-1", "held by domains that are not listed"),)


def test_the_log_group_waits_while_only_a_batch_of_its_streams_is_listed() -> None:
    group = any_item(Kind.LOG_GROUP, "jobs")
    decision = decide(Snapshot((group,), (Unread(Kind.LOG_STREAM, "200 at a time", passing=True, batch=True),)))
    assert decision.actions == ()
    assert decision.held == (Note("log group jobs", "held by log streams that are not listed"),)


def test_what_costs_by_the_hour_goes_before_the_logs_of_which_there_can_be_thousands() -> None:
    order = list(Kind)
    batched = [kind for kind in Kind if PLAN[kind].in_batches]
    assert batched == [Kind.LOG_STREAM]
    assert order[-2:] == [Kind.LOG_STREAM, Kind.LOG_GROUP]


def test_an_item_listed_twice_is_deleted_once() -> None:
    job = any_item(Kind.LABELING_JOB, status="InProgress")
    assert deletable(job, job) == [job.key]


@pytest.mark.parametrize(
    ("number", "named"),
    [(3, "app app0, app app1, app app2"), (5, "app app0, app app1, app app2 and 2 more")],
)
def test_many_holders_are_named_by_three_and_a_number(number: int, named: str) -> None:
    domain = any_item(Kind.DOMAIN, "d-1")
    apps = [any_app(f"app{index}") for index in range(number)]
    assert decide(Snapshot((domain, *apps))).held == (Note("domain d-1", f"held by {named}"),)


def test_kinds_are_named_in_reports_as_people_name_them_and_in_plan_order() -> None:
    assert [kind.value for kind in Kind] == [
        "schedule",
        "execution",
        "labeling job",
        "processing job",
        "app",
        "space",
        "user profile",
        "domain",
        "access point",
        "mount target",
        "file system",
        "rules of security group",
        "security group",
        "log stream",
        "log group",
    ]
