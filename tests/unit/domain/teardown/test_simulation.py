"""Whole teardowns of a simulated cloud under faults: real step, real adapters, fake clock, pages of one."""

from __future__ import annotations

import json
import os
import random
from functools import cache

import pytest

from adapters.teardown.cloud import AwsCloud
from domain.teardown.progress import Limits, Memory, Verdict
from domain.teardown.scope import JOB_LOG_GROUP
from domain.teardown.step import Report, take_step
from tests.support.fakes.clients import fake_clients
from tests.support.fakes.faults import TRANSIENT, CrashError, Faults
from tests.support.fakes.studio import FakeStudio
from tests.support.fakes.teardown_worlds import (
    OURS,
    PREFIX,
    SCOPE,
    add_app,
    add_domain,
    add_profile,
    add_space,
    any_world,
    foreign_streams,
    left_of,
    others,
)

HISTORY_EVENTS_A_ROUND = 9
SCHEDULES = {"nightly": 10_000, "ci": 150}.get(os.environ.get("HYPOTHESIS_PROFILE", "dev"), 100)


def tear_down(studio: FakeStudio, faults: Faults, *, faults_end: float = 0, check: bool = False) -> Report:
    """What the state machine does: step, pause, step, with a retry of the same step after a crash."""
    cloud = AwsCloud(fake_clients(studio, faults, check=check), SCOPE)
    memory = Memory()
    end = studio.now + faults_end
    while True:
        if studio.now >= end:
            faults.stop()
        try:
            report = take_step(cloud, memory, studio.clock, Limits(), lambda: True)
        except CrashError:
            studio.sleep(5)
            continue
        payload = report.model_dump_json()
        assert len(payload) < 256 * 1024
        if report.verdict is not Verdict.AGAIN:
            assert report.memory.rounds * HISTORY_EVENTS_A_ROUND < 25_000
            return report
        memory = Memory.model_validate(json.loads(payload)["memory"])
        studio.sleep(report.pause)


def check_random_schedule(seed: int) -> None:
    """Transient faults for up to half an hour: teardown converges to nothing, and touches nothing else."""
    draw = random.Random(seed)
    studio = any_world(seed)
    before = others(studio)
    faults = Faults(random=random.Random(seed + 2), rate=draw.choice([0.0, 0.02, 0.2]))
    report = tear_down(studio, faults, faults_end=draw.choice([0, 60, 1800]))
    left = left_of(studio, OURS, PREFIX)
    if report.verdict is Verdict.EMPTY:
        assert left == []
    else:
        # Denied for a whole minute at random is possible while faults last: then a new start must finish the job.
        assert report.cause
        assert left
        assert tear_down(studio, Faults()).verdict is Verdict.EMPTY
        assert left_of(studio, OURS, PREFIX) == []
    assert others(studio) == before


@pytest.mark.parametrize("seeds", [range(start, start + 50) for start in range(0, SCHEDULES, 50)], ids=str)
def test_random_schedules_converge_to_nothing_left_and_others_untouched(seeds: range) -> None:
    """10,000 of them in the nightly profile, 150 in CI, 100 while developing."""
    for seed in seeds:
        check_random_schedule(seed)


def busy_world() -> FakeStudio:
    """A world in which every operation of teardown is called."""
    for seed in range(1000):
        studio = any_world(seed)
        statuses = {app["Status"] for app in studio.list_apps(OURS)}
        keeps = studio.domains[OURS]["KeepsFiles"]
        logs_of_ours_alone = studio.streams_of(PREFIX) and not foreign_streams(studio)
        plain = studio.log_groups.get(JOB_LOG_GROUP) == {"logGroupName": JOB_LOG_GROUP, "metricFilterCount": 0}
        used = {"InService"} <= statuses and studio.list_spaces(OURS) and keeps
        if used and logs_of_ours_alone and plain and studio.slowest == 30.0:
            return studio
    raise AssertionError("no such world among the first thousand")


@cache
def operations_called() -> list[str]:
    faults = Faults()
    assert tear_down(busy_world(), faults, check=True).verdict is Verdict.EMPTY
    return sorted(faults.calls)


def test_the_faults_reach_the_calls_to_logs_too() -> None:
    logs = {"describe_log_groups", "describe_log_streams", "delete_log_group", "delete_log_stream"}
    assert logs <= set(operations_called())


@pytest.mark.parametrize("kind", TRANSIENT)
@pytest.mark.parametrize("occurrence", [1, 2])
def test_one_fault_at_any_call_site_does_not_keep_teardown_from_the_end(kind: str, occurrence: int) -> None:
    for operation in operations_called():
        studio = busy_world()
        before = others(studio)
        report = tear_down(studio, Faults(planned={(operation, occurrence): kind}), faults_end=1e9)
        assert report.verdict is Verdict.EMPTY, f"{operation}: {report.cause}"
        assert left_of(studio, OURS, PREFIX) == [], operation
        assert others(studio) == before, operation


@pytest.mark.parametrize("kind", ["denied", "refused", "in use", "throttled"])
def test_a_permanent_fault_at_any_call_site_is_never_a_false_success(kind: str) -> None:
    for operation in operations_called():
        studio = busy_world()
        before = others(studio)
        report = tear_down(studio, Faults(always=[(operation, (), kind)]))
        if report.verdict is Verdict.EMPTY:
            # Only descriptions of a failed status and the like may be lost without a left-over.
            assert left_of(studio, OURS, PREFIX) == [], operation
        else:
            assert "Left: " in report.cause, operation
            assert report.stuck or report.waiting_for, operation
        assert others(studio) == before, operation


def test_an_app_that_may_not_be_deleted_is_named_and_the_rest_goes() -> None:
    studio = FakeStudio(random.Random(1), slowest=5)
    add_domain(studio, OURS)
    for name in ("alice", "bob"):
        add_profile(studio, OURS, name)
        add_app(studio, OURS, kind="Canvas", UserProfileName=name)
    report = tear_down(studio, Faults(always=[("delete_app", ("alice",), "denied")]))
    assert report.verdict is Verdict.GAVE_UP
    assert "app Canvas/default of user profile alice: access denied: delete_app: AccessDeniedException" in report.cause
    assert "user profile alice: held by app Canvas/default of user profile alice" in report.cause
    assert report.stuck[0]["name"] == "app Canvas/default of user profile alice"
    assert list(studio.profiles) == [(OURS, "alice")]
    assert OURS in studio.domains
    assert "fs-ours" in studio.file_systems


def test_an_app_that_stays_pending_is_named_after_the_time_without_progress() -> None:
    studio = FakeStudio(random.Random(1), slowest=5)
    add_domain(studio, OURS)
    add_space(studio, OURS, "lab")
    add_app(studio, OURS, status="Pending", SpaceName="lab")
    started = studio.now
    report = tear_down(studio, Faults())
    assert report.verdict is Verdict.GAVE_UP
    assert "no progress" in report.cause
    assert "app JupyterLab/default of space lab: is Pending" in report.cause
    assert Limits().no_progress <= studio.now - started < Limits().no_progress + 120


def test_a_failed_and_a_deleted_app_do_not_hold_up_teardown_although_they_stay_listed() -> None:
    studio = FakeStudio(random.Random(1), slowest=5)
    add_domain(studio, OURS)
    add_profile(studio, OURS, "alice")
    add_app(studio, OURS, status="Failed", UserProfileName="alice")
    add_app(studio, OURS, status="Deleted", kind="Canvas", UserProfileName="alice")
    faults = Faults()
    assert tear_down(studio, faults).verdict is Verdict.EMPTY
    assert faults.calls["delete_app"] == 0
    assert len(studio.apps) == 2


def test_apps_of_a_space_and_a_profile_of_one_name_are_both_deleted() -> None:
    """A key without the owner's kind let one of them go on running, and with it everything that it held."""
    studio = FakeStudio(random.Random(1), slowest=5)
    add_domain(studio, OURS)
    add_profile(studio, OURS, "lab")
    add_space(studio, OURS, "lab", owner="lab")
    add_app(studio, OURS, SpaceName="lab")
    add_app(studio, OURS, UserProfileName="lab")
    assert tear_down(studio, Faults()).verdict is Verdict.EMPTY
    assert left_of(studio, OURS, PREFIX) == []


def test_a_profile_whose_deletion_fails_once_is_deleted_again() -> None:
    studio = FakeStudio(random.Random(1), slowest=5)
    add_domain(studio, OURS)
    add_profile(studio, OURS, "alice", FailsFirst=2)
    faults = Faults()
    assert tear_down(studio, faults).verdict is Verdict.EMPTY
    assert faults.calls["delete_user_profile"] == 3


def test_a_profile_whose_deletion_always_fails_is_reported_with_its_failure_reason() -> None:
    studio = FakeStudio(random.Random(1), slowest=5)
    add_domain(studio, OURS)
    add_profile(studio, OURS, "alice", FailsFirst=10**9)
    report = tear_down(studio, Faults())
    assert report.verdict is Verdict.GAVE_UP
    assert "user profile alice" in report.cause


def test_the_home_file_system_is_remembered_although_it_has_no_tag_and_the_domain_is_gone() -> None:
    studio = FakeStudio(random.Random(1), slowest=5)
    add_domain(studio, OURS, KeepsFiles=True)
    studio.file_systems["fs-ours"]["Tags"] = []
    studio.file_systems["fs-strange"] = {"FileSystemId": "fs-strange", "LifeCycleState": "available", "Tags": []}
    assert tear_down(studio, Faults()).verdict is Verdict.EMPTY
    assert list(studio.file_systems) == ["fs-strange"]


def test_hundreds_of_resources_fit_into_the_history_and_the_payload() -> None:
    studio = FakeStudio(random.Random(1), slowest=120)
    add_domain(studio, OURS)
    for number in range(120):
        name = f"user-{number:03}-{'x' * 50}"
        add_profile(studio, OURS, name)
        add_space(studio, OURS, name, owner=name)
        add_app(studio, OURS, SpaceName=name)
    report = tear_down(studio, Faults())
    assert report.verdict is Verdict.EMPTY
    assert report.memory.deleted_count >= 360
    assert len(report.memory.deleted) == Limits().names
