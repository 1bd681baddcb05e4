"""What teardown does about the logs of processing jobs, in a group that the account shares: simulated as a whole."""

from __future__ import annotations

import random
from typing import Any

import pytest

from adapters.teardown.cloud import AwsCloud
from domain.teardown.plan import Item, Kind
from domain.teardown.progress import Limits, Memory, Verdict
from domain.teardown.scope import JOB_LOG_GROUP
from domain.teardown.step import Report, list_only, take_step
from tests.support.fakes.clients import fake_clients
from tests.support.fakes.faults import Faults
from tests.support.fakes.studio import FakeStudio
from tests.support.fakes.teardown_worlds import MACHINE, OURS, PREFIX, SCOPE, add_app, add_domain, add_logs, add_work


@pytest.fixture
def studio() -> FakeStudio:
    return FakeStudio(random.Random(1), slowest=5)


def cloud_of(studio: FakeStudio, faults: Faults, **scope: Any) -> AwsCloud:
    return AwsCloud(fake_clients(studio, faults), SCOPE.model_copy(update=scope))


def tear_down(studio: FakeStudio, faults: Faults | None = None, **scope: Any) -> Report:
    cloud, memory = cloud_of(studio, faults or Faults(), **scope), Memory()
    while True:
        report = take_step(cloud, memory, studio.clock, Limits(), lambda: True)
        if report.verdict is not Verdict.AGAIN:
            return report
        memory = report.memory
        studio.sleep(report.pause)


def test_our_streams_go_and_the_empty_group_goes_after_them(studio: FakeStudio) -> None:
    add_logs(studio, PREFIX, jobs=2, hosts=2)
    report = tear_down(studio)
    assert report.verdict is Verdict.EMPTY
    streams = [f"log stream {PREFIX}augment-0000{job}/algo-{host}-1700000000" for job in (0, 1) for host in (1, 2)]
    assert report.memory.deleted == (*streams, f"log group {JOB_LOG_GROUP}")
    assert studio.log_groups == {}


def test_streams_of_another_stage_stay_and_keep_the_group(studio: FakeStudio) -> None:
    add_logs(studio, PREFIX, jobs=1)
    add_logs(studio, f"{PREFIX}2-", jobs=1, stage="dev-2")
    assert tear_down(studio).verdict is Verdict.EMPTY
    assert studio.streams_of("") == [f"{PREFIX}2-augment-00000/algo-1-1700000000"]


def test_streams_of_a_job_that_sagemaker_forgot_stay_for_nobody_knows_whose_it_was(studio: FakeStudio) -> None:
    studio.write_log(f"{PREFIX}forgotten")
    studio.log_streams[JOB_LOG_GROUP][f"{PREFIX}no-slash"] = {"logStreamName": f"{PREFIX}no-slash", "arn": ""}
    report = tear_down(studio)
    assert report.verdict is Verdict.EMPTY
    assert report.memory.deleted == ()
    assert len(studio.streams_of(PREFIX)) == 2


@pytest.mark.parametrize(
    "configured",
    [
        {"retentionInDays": 30},
        {"kmsKeyId": "arn:aws:kms:us-east-1:000000000000:key/1"},
        {"metricFilterCount": 1},
        {"dataProtectionStatus": "ACTIVATED"},
        {"deletionProtectionEnabled": True},
    ],
)
def test_a_group_that_somebody_configured_stays_and_is_no_left_over(
    studio: FakeStudio, configured: dict[str, Any]
) -> None:
    studio.write_log(f"{PREFIX}one", **configured)
    add_logs(studio, PREFIX, jobs=1)
    del studio.log_streams[JOB_LOG_GROUP][f"{PREFIX}one/algo-1-1700000000"]
    assert tear_down(studio).verdict is Verdict.EMPTY
    assert studio.streams_of("") == []
    assert list(studio.log_groups) == [JOB_LOG_GROUP]


def test_groups_whose_names_only_begin_alike_are_not_touched(studio: FakeStudio) -> None:
    longer = f"{JOB_LOG_GROUP}-archive"
    studio.log_groups[longer] = {"logGroupName": longer}
    assert tear_down(studio).memory.deleted == ()
    assert list(studio.log_groups) == [longer]


def test_a_running_jobs_streams_wait_for_its_end_and_what_it_wrote_last_goes_too(studio: FakeStudio) -> None:
    add_work(studio, "dev", PREFIX, MACHINE, "kempelen-dev")
    job = f"{PREFIX}processing-job"
    studio.write_log(job)
    report = take_step(cloud_of(studio, Faults()), Memory(), studio.clock, Limits(), lambda: True)
    held = {"name": f"log stream {job}/algo-1-1700000000", "reason": f"held by processing job {job}"}
    assert held in report.waiting_for
    assert tear_down(studio).verdict is Verdict.EMPTY
    assert studio.log_groups == {}


def test_a_kept_stages_logs_are_not_even_looked_for(studio: FakeStudio) -> None:
    add_logs(studio, PREFIX, jobs=1)
    faults = Faults()
    assert tear_down(studio, faults, retain=True).verdict is Verdict.EMPTY
    assert len(studio.streams_of(PREFIX)) == 1
    assert not [operation for operation in faults.calls if "log" in operation]


def test_tags_are_asked_for_once_a_job(studio: FakeStudio) -> None:
    add_logs(studio, PREFIX, jobs=3, hosts=7)
    faults = Faults()
    listed = list_only(cloud_of(studio, faults), Limits(), lambda: True)
    assert listed.left == 21
    assert faults.calls["list_tags"] == 3


def test_two_thousand_streams_end_in_time_and_keep_nothing_waiting(studio: FakeStudio) -> None:
    add_domain(studio, OURS)
    add_logs(studio, PREFIX, jobs=2000)
    add_app(studio, OURS, SpaceName="lab")
    faults, memory = Faults(), Memory()
    cloud = cloud_of(studio, faults)
    started = studio.now
    while True:
        before = faults.calls.copy()
        report = take_step(cloud, memory, studio.clock, Limits(), lambda: True)
        calls = faults.calls - before
        assert calls["delete_log_stream"] <= Limits().actions
        assert calls["list_tags"] <= Limits().actions + 1
        assert len(report.model_dump_json()) < 128 * 1024
        if memory.rounds == 0:
            assert report.deleted[0] == "app JupyterLab/default of space lab"
        if report.verdict is not Verdict.AGAIN:
            break
        memory = report.memory
        studio.sleep(report.pause)
    assert report.verdict is Verdict.EMPTY
    assert studio.log_groups == {}
    assert report.memory.rounds < 2000 // Limits().actions + 40
    assert studio.now - started < 120
    assert faults.calls["list_tags"] < 2000 * 1.02
    assert f"domain {OURS}" in report.memory.deleted


def test_streams_that_may_not_be_deleted_are_named_and_all_else_goes(studio: FakeStudio) -> None:
    add_domain(studio, OURS)
    add_logs(studio, PREFIX, jobs=300)
    started = studio.now
    report = tear_down(studio, Faults(always=[("delete_log_stream", (), "denied")]))
    assert report.verdict is Verdict.GAVE_UP
    assert f"log stream {PREFIX}augment-00000/algo-1-1700000000: access denied" in report.cause
    assert studio.now - started < 300
    assert studio.domains == {}


def test_a_group_that_another_job_began_to_write_to_is_left_alone(studio: FakeStudio) -> None:
    """Between its listing and its deletion."""
    studio.write_log(f"{PREFIX}one")
    studio.log_streams[JOB_LOG_GROUP].clear()
    cloud = cloud_of(studio, Faults())
    (group,) = cloud.look(Kind.LOG_GROUP, None)
    studio.write_log("somebody-elses")

    class Late:
        """The cloud whose list of groups is that of a moment ago."""

        def look(self, kind: Kind, home: str | None) -> Any:
            return iter([group]) if kind is Kind.LOG_GROUP else iter(())

        def delete(self, item: Item) -> None:
            cloud.delete(item)

    report = take_step(Late(), Memory(), studio.clock, Limits(), lambda: True)
    assert report.waiting_for == (
        {"name": f"log group {JOB_LOG_GROUP}", "reason": f"{JOB_LOG_GROUP} has streams again"},
    )
    assert list(studio.log_groups) == [JOB_LOG_GROUP]
    assert tear_down(studio).verdict is Verdict.EMPTY
    assert studio.streams_of("somebody-elses") != []
