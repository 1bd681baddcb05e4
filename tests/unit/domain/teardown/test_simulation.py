"""Whole teardowns of a simulated cloud, case by case: real step, real adapters, fake clock, pages of one.

Faults at random and at every call are in `test_fault_schedules.py` and `test_fault_matrix.py`.
"""

from __future__ import annotations

import json
import random

from adapters.teardown.cloud import AwsCloud
from domain.teardown.progress import Limits, Memory, Verdict
from domain.teardown.step import Report, take_step
from tests.support.fakes.clients import fake_clients
from tests.support.fakes.faults import CrashError, Faults
from tests.support.fakes.studio import FakeStudio
from tests.support.fakes.teardown_worlds import (
    OURS,
    PREFIX,
    SCOPE,
    add_app,
    add_domain,
    add_profile,
    add_space,
    left_of,
)

HISTORY_EVENTS_A_ROUND = 9


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
