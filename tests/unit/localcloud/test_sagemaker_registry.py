"""The registry, the store's pages and the clock, without a server."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from typing import Any

import pytest
from botocore.exceptions import ClientError
from botocore.model import OperationNotFoundError

from localcloud.sagemaker import api, clock, faults, store
from localcloud.sagemaker.model import SERVICE, compiled


@pytest.fixture(autouse=True)
def registry(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(api, "OPERATIONS", {})
    yield
    faults.PLAN.set([])
    store.reset()


def apps(count: int) -> list[dict[str, Any]]:
    return [{"AppName": f"app-{number:02}", "CreationTime": number % 4} for number in range(count)]


def pages(items: list[dict[str, Any]], **params: Any) -> list[list[str]]:
    found, token = [], None
    while True:
        page = store.paginate(items, {**params, **({"NextToken": token} if token else {})}, "Apps")
        found.append([item["AppName"] for item in page["Apps"]])
        token = page.get("NextToken")
        if token is None:
            return found


def test_an_answer_holds_only_what_the_model_says_at_every_depth() -> None:
    app = {"AppName": "default", "Secret": 1, "ResourceSpec": {"InstanceType": "system", "Host": "here"}}

    @api.operation("ListApps")
    def list_apps(_params: api.Params) -> api.Params:
        return {"Apps": [app], "Internal": True}

    assert api.call("ListApps", {}) == {"Apps": [{"AppName": "default", "ResourceSpec": {"InstanceType": "system"}}]}


def test_tags_given_at_creation_are_remembered_for_the_arn_that_was_created() -> None:
    @api.operation("CreateSpace")
    def create_space(_params: api.Params) -> api.Params:
        return {"SpaceArn": store.arn("space", "d-1/mine")}

    tags = [{"Key": "kempelen:stage", "Value": "dev"}]
    api.call("CreateSpace", {"DomainId": "d-1", "SpaceName": "mine", "Tags": tags})
    assert store.table("_tags")[store.arn("space", "d-1/mine")] == {"kempelen:stage": "dev"}


def test_an_operation_that_sagemaker_lacks_cannot_be_registered() -> None:
    with pytest.raises(OperationNotFoundError):
        api.operation("DeleteLabelingJob")


def test_an_operation_is_registered_once() -> None:
    api.operation("ListApps")(dict)
    with pytest.raises(ValueError, match="ListApps is registered twice"):
        api.operation("ListApps")(dict)


def test_a_lost_response_is_lost_after_the_operation_has_been_applied() -> None:
    done: list[str] = []

    @api.operation("DeleteApp")
    def delete_app(_params: api.Params) -> api.Params:
        done.append("deleted")
        return {}

    faults.PLAN.set([{"operation": "DeleteApp", "kind": "lost"}, {"operation": "*", "kind": "throttle", "first": 2}])
    request = {"DomainId": "d-1", "AppType": "Canvas", "AppName": "default"}
    for code in ("RequestTimeout", "ThrottlingException"):
        with pytest.raises(api.ApiError) as caught:
            api.call("DeleteApp", request)
        assert caught.value.code == code
    assert done == ["deleted"]


@pytest.mark.parametrize("size", [1, 3, 10, 25])
@pytest.mark.parametrize("order", ["Ascending", "Descending"])
def test_pages_give_each_item_once_in_order(size: int, order: str) -> None:
    found = [name for page in pages(apps(25), MaxResults=size, SortOrder=order) for name in page]
    by_time = {app["AppName"]: app["CreationTime"] for app in apps(25)}
    expected = sorted(by_time, key=lambda name: (by_time[name], name), reverse=order == "Descending")
    assert found == expected


def test_a_page_holds_ten_items_when_the_caller_does_not_say() -> None:
    assert [len(page) for page in pages(apps(25))] == [10, 10, 5]


def test_items_deleted_between_two_pages_make_nobody_lose_a_page() -> None:
    items = apps(6)
    first = store.paginate(items, {"MaxResults": 3}, "Apps")
    remaining = [item for item in items if item not in first["Apps"]]
    second = store.paginate(remaining, {"MaxResults": 3, "NextToken": first["NextToken"]}, "Apps")
    assert second["Apps"] == sorted(remaining, key=lambda app: (app["CreationTime"], app["AppName"]))


@pytest.mark.parametrize("token", ["nonsense", "bm9uc2Vuc2U="])
def test_a_token_that_the_operation_did_not_give_is_refused(token: str) -> None:
    with pytest.raises(api.ApiError, match="Invalid NextToken"):
        store.paginate(apps(2), {"NextToken": token}, "Apps")


def test_sort_by_names_another_field_of_the_item() -> None:
    jobs = [{"JobName": "b", "Status": "x", "At": 1}, {"JobName": "a", "Status": "y", "At": 2}]
    page = store.paginate(jobs, {"SortBy": "Name"}, "Jobs", sort={"Name": "JobName"}, by="At")
    assert [job["JobName"] for job in page["Jobs"]] == ["a", "b"]


def test_every_pattern_of_the_model_but_the_known_ones_can_be_checked() -> None:
    patterns = {SERVICE.shape_for(name).metadata.get("pattern") for name in SERVICE.shape_names} - {None}
    unchecked = {pattern for pattern in patterns if compiled(pattern) is None}
    assert len(unchecked) <= 4
    assert all("\\p{P}" in pattern or "\\u" in pattern for pattern in unchecked)


def test_state_changes_happen_in_the_order_of_their_time_and_a_failing_one_does_not_stop_the_next(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("KEMPELEN_TIME_SCALE", "0.01")
    happened: list[str] = []
    done = threading.Event()

    def fail() -> None:
        raise ClientError({"Error": {"Code": "X"}}, "Y")

    clock.after(3, lambda: (happened.append("late"), done.set()))
    clock.after(1, lambda: happened.append("early"))
    clock.after(2, fail)
    assert done.wait(5)
    assert happened == ["early", "late"]


def test_changes_that_are_cancelled_do_not_happen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KEMPELEN_TIME_SCALE", "1")
    happened = threading.Event()
    clock.after(0.05, happened.set)
    clock.cancel_all()
    assert not happened.wait(0.15)
