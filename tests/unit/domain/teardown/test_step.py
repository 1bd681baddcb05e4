from __future__ import annotations

from collections.abc import Iterator

import pytest

from domain.errors import AccessDenied, AwsError, NotFound, RequestRefused, ResourceInUse, ServiceUnavailable
from domain.teardown.plan import Item, Kind
from domain.teardown.progress import Limits, Memory, Verdict
from domain.teardown.step import Report, list_only, take_step


class FakeCloud:
    """Lists what it is given; `errors` by item name or kind's value."""

    def __init__(self, *items: Item, **errors: AwsError) -> None:
        self.items = items
        self.errors = errors
        self.asked: list[str] = []
        self.homes: list[str | None] = []
        self.looked: list[Kind] = []

    def look(self, kind: Kind, home_file_system: str | None) -> Iterator[Item]:
        self.looked.append(kind)
        if kind is Kind.FILE_SYSTEM:
            self.homes.append(home_file_system)
        yield from (item for item in self.items if item.kind is kind)
        if kind.name in self.errors:
            raise self.errors[kind.name]

    def delete(self, item: Item) -> None:
        self.asked.append(item.key)
        if item.name in self.errors:
            raise self.errors[item.name]


def step(cloud: FakeCloud, memory: Memory | None = None, limits: Limits | None = None, in_time: bool = True) -> Report:
    return take_step(cloud, memory or Memory(), lambda: 1000.0, limits or Limits(), lambda: in_time)


LAB = Item(Kind.SPACE, "lab", "InService")


def test_an_accepted_deletion_is_reported_and_waited_for() -> None:
    report = step(FakeCloud(LAB))
    assert report.verdict is Verdict.AGAIN
    assert not report.done
    assert report.deleted == ("space lab",)
    assert report.waiting_for == ({"name": "space lab", "reason": "deletion was requested"},)
    assert report.left == 1


def test_what_is_gone_meanwhile_counts_as_deleted() -> None:
    report = step(FakeCloud(LAB, lab=NotFound("gone")))
    assert report.deleted == ("space lab",)
    assert report.stuck == ()


@pytest.mark.parametrize("error", [ResourceInUse("in use"), ServiceUnavailable("slow down")])
def test_in_use_and_throttled_are_waited_for(error: AwsError) -> None:
    report = step(FakeCloud(LAB, lab=error))
    assert report.waiting_for == ({"name": "space lab", "reason": str(error)},)
    assert report.deleted == report.stuck == ()


def test_denied_and_refused_are_stuck_by_name() -> None:
    assert step(FakeCloud(LAB, lab=AccessDenied("no right"))).stuck == (
        {"name": "space lab", "reason": "access denied: no right"},
    )
    assert step(FakeCloud(LAB, lab=RequestRefused("no sense"))).stuck == ({"name": "space lab", "reason": "no sense"},)


def test_the_failure_reason_of_a_failed_status_is_shown() -> None:
    failed = Item(Kind.SPACE, "lab", "Delete_Failed", failure="an interface is in use")
    assert step(FakeCloud(failed)).waiting_for == (
        {
            "name": "space lab",
            "reason": "deletion was requested; it was Delete_Failed: an interface is in use",
        },
    )


def test_one_refusal_does_not_keep_the_others_from_being_deleted() -> None:
    spaces = [Item(Kind.SPACE, name, "InService") for name in "abc"]
    cloud = FakeCloud(*spaces, a=AccessDenied("no right"))
    assert step(cloud).deleted == ("space b", "space c")


def test_a_step_deletes_no_more_than_its_bound() -> None:
    cloud = FakeCloud(*(Item(Kind.SPACE, name, "InService") for name in "abc"))
    report = step(cloud, limits=Limits(actions=2))
    assert cloud.asked == ["space a", "space b"]
    assert {"name": "space c", "reason": "is next"} in report.waiting_for


def test_without_time_nothing_is_listed_and_nothing_deleted_and_it_is_no_success() -> None:
    cloud = FakeCloud(LAB)
    report = step(cloud, Memory(empty_looks=1), in_time=False)
    assert cloud.asked == []
    assert cloud.looked == []
    assert report.verdict is Verdict.AGAIN
    assert {"name": "spaces", "reason": "could not be listed: the step's time was up"} in report.waiting_for


def test_an_empty_cloud_is_done_at_the_second_look() -> None:
    first = step(FakeCloud())
    assert first.verdict is Verdict.AGAIN
    assert first.pause == 1
    second = step(FakeCloud(), first.memory)
    assert second.verdict is Verdict.EMPTY
    assert second.done


def test_what_a_broken_list_did_show_is_still_deleted() -> None:
    cloud = FakeCloud(LAB, SPACE=ServiceUnavailable("page 2"))
    report = step(cloud)
    assert cloud.asked == ["space lab"]
    assert {"name": "spaces", "reason": "could not be listed: page 2"} in report.waiting_for


def test_a_list_that_is_denied_is_stuck_by_the_kinds_name() -> None:
    report = step(FakeCloud(APP=AccessDenied("no right")))
    assert report.stuck == ({"name": "apps", "reason": "could not be listed: no right"},)
    assert report.verdict is Verdict.AGAIN


def test_the_home_file_system_goes_from_the_domain_into_the_memory_and_back() -> None:
    domain = Item(Kind.DOMAIN, "d-1", "Deleting", {"DomainId": "d-1", "HomeEfsFileSystemId": "fs-1"})
    first = step(FakeCloud(domain))
    assert first.memory.home_file_system == "fs-1"
    later = FakeCloud()
    step(later, first.memory)
    assert later.homes == ["fs-1"]


def test_giving_up_names_the_left_overs_in_its_cause() -> None:
    memory = Memory(started=0, progress_at=0, hopeless_since=900, fewest=1)
    report = step(FakeCloud(LAB, lab=AccessDenied("no right")), memory)
    assert report.verdict is Verdict.GAVE_UP
    assert "space lab: access denied: no right" in report.cause
    assert not report.done


def test_a_dry_run_deletes_nothing_and_lists_what_would_go() -> None:
    cloud = FakeCloud(LAB, Item(Kind.DOMAIN, "d-1", "InService"))
    report = list_only(cloud, Limits(), lambda: True)
    assert cloud.asked == []
    assert report.verdict is Verdict.LISTED
    assert report.left == 2
    assert report.waiting_for == (
        {"name": "space lab", "reason": "would be deleted"},
        {"name": "domain d-1", "reason": "held by space lab"},
    )


def test_left_counts_what_is_deleted_moving_held_and_not_listed() -> None:
    cloud = FakeCloud(
        Item(Kind.SCHEDULE, "tick"),
        Item(Kind.APP, "a", "Pending", lives_in=frozenset({"space lab"})),
        LAB,
        EXECUTION=ServiceUnavailable("slow down"),
        LABELING_JOB=AccessDenied("no right"),
    )
    assert step(cloud).left == 5


def streams(number: int) -> list[Item]:
    return [Item(Kind.LOG_STREAM, f"{index:05}") for index in range(number)]


def test_no_more_log_streams_are_listed_than_a_step_deletes() -> None:
    cloud = FakeCloud(*streams(10), Item(Kind.LOG_GROUP, "jobs"))
    report = step(cloud, limits=Limits(actions=4))
    assert cloud.asked == [f"log stream 0000{number}" for number in range(4)]
    rest = {"name": "log streams", "reason": "only 4 at a time; the rest comes with the next steps"}
    assert rest in report.waiting_for
    assert {
        "name": "log group jobs",
        "reason": "held by log stream 00000, log stream 00001, log stream 00002 and 2 more",
    } in (report.waiting_for)
    assert report.stuck == ()
    assert not report.done


def test_a_batch_that_is_all_of_them_is_a_whole_list() -> None:
    report = step(FakeCloud(*streams(4)), limits=Limits(actions=4))
    assert report.left == 4
    assert report.memory.fewest == 4


def test_apps_do_not_wait_for_log_streams() -> None:
    cloud = FakeCloud(*streams(10), LAB, Item(Kind.APP, "other", "InService", lives_in=frozenset()))
    step(cloud, limits=Limits(actions=4))
    assert cloud.asked[:2] == ["app other", "space lab"]


def test_a_batch_that_may_not_be_deleted_is_no_hope() -> None:
    errors: dict[str, AwsError] = {item.name: AccessDenied("no right") for item in streams(10)}
    report = step(FakeCloud(*streams(10), **errors), limits=Limits(actions=4))
    assert len(report.stuck) == 4
    assert report.memory.hopeless_since == 1000.0


def test_a_list_is_left_in_time() -> None:
    left = [2]

    def in_time() -> bool:
        left[0] -= 1
        return left[0] >= 0

    cloud = FakeCloud(*(Item(Kind.SCHEDULE, name) for name in "abc"))
    report = take_step(cloud, Memory(), lambda: 1000.0, Limits(), in_time)
    assert cloud.asked == []
    assert {"name": "schedules", "reason": "could not be listed: the step's time was up"} in report.waiting_for
    assert {"name": "schedule a", "reason": "is next"} in report.waiting_for
    assert cloud.looked == [Kind.SCHEDULE]


def test_lists_of_names_are_bounded_and_counts_are_not() -> None:
    cloud = FakeCloud(*(Item(Kind.SPACE, f"space-{number}", "InService") for number in range(500)))
    report = step(cloud, limits=Limits(names=10, actions=400))
    assert len(report.waiting_for) == len(report.deleted) == 10
    assert report.left == 500
    assert report.memory.deleted_count == 400
