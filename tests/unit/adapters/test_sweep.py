"""Thirty left-overs of a stage are found and told from thirty things of others; nothing of these is ever touched."""

from __future__ import annotations

import io
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import pytest
from botocore.exceptions import ClientError
from rich.console import Console

from adapters.sweep.account import LISTERS, Found, look
from adapters.sweep.asking import Place
from domain.sweep.cost import cost_of, together
from domain.sweep.model import KINDS, Thing
from domain.sweep.owner import Whose, domains_of, owner_of
from domain.sweep.plan import plan
from scripts import sweep
from tests.support.fakes.recorded import RecordedAccount
from tests.unit.adapters.swept_account import any_account
from tests.unit.adapters.swept_names import ACCOUNT, FOREIGN, LEFT_OVERS, OURS, REGION, pairs

CHANGES = ("delete", "stop", "release", "update", "create", "put", "tag", "disassociate")
REMOVING = {
    "sagemaker": (
        *("delete_endpoint", "delete_inference_component", "stop_notebook_instance", "delete_app", "delete_space"),
        *("stop_processing_job", "stop_training_job", "stop_transform_job", "stop_labeling_job", "stop_auto_ml_job"),
        *("stop_hyper_parameter_tuning_job", "stop_mlflow_tracking_server"),
    ),
    "ec2": ("delete_nat_gateway", "release_address", "delete_vpc_endpoints", "delete_volume", "delete_snapshot"),
    "efs": ("describe_mount_targets", "delete_mount_target", "delete_file_system"),
    "logs": ("delete_log_group",),
    "cloudwatch": ("delete_alarms", "delete_dashboards"),
}


def place_of(account: RecordedAccount) -> Place:
    return Place(account.client, REGION, ACCOUNT)


def found_in(account: RecordedAccount) -> Found:
    return look(place_of(account))


def owners(found: Found) -> dict[tuple[str, str], tuple[Whose, str]]:
    domains = domains_of(found.things)
    told = {(thing.kind, thing.name): owner_of(thing, domains) for thing in found.things}
    return {key: (owner.whose, owner.stage) for key, owner in told.items()}


def may_remove(account: RecordedAccount) -> None:
    for service, operations in REMOVING.items():
        for operation in operations:
            account.answers.setdefault(service, {})[operation] = {}


def test_there_are_thirty_of_each_and_every_kind_is_among_them() -> None:
    assert len(set(LEFT_OVERS)) == len(set(FOREIGN)) == 30
    assert {kind for kind, _ in LEFT_OVERS} == {kind for kind, _ in FOREIGN} == set(KINDS) == set(LISTERS)


@pytest.fixture(scope="module")
def found() -> Found:
    return found_in(any_account())


@pytest.mark.parametrize("left", LEFT_OVERS, ids=lambda left: " ".join(left))
def test_a_left_over_is_found_as_ours(left: tuple[str, str], found: Found) -> None:
    assert owners(found)[left] == (Whose.OURS, "dev")


@pytest.mark.parametrize("foreign", FOREIGN, ids=lambda foreign: " ".join(foreign))
def test_what_is_others_is_not_claimed(foreign: tuple[str, str], found: Found) -> None:
    assert owners(found)[foreign][0] is not Whose.OURS


def test_nothing_else_is_found_and_nothing_is_missed(found: Found) -> None:
    bucket = ("bucket", "holiday-photos")
    assert set(owners(found)) == {*LEFT_OVERS, *FOREIGN, bucket}
    assert owners(found)[bucket] == (Whose.OTHER, "")
    assert found.gaps == ()


def test_a_look_changes_nothing() -> None:
    account = any_account()
    found_in(account)
    assert not [asked for asked in account.asked if asked[1].startswith(CHANGES)]


def test_what_sagemaker_makes_by_itself_is_told_as_its_own(found: Found) -> None:
    told = {key: whose for key, (whose, _) in owners(found).items()}
    assert told["bucket", f"sagemaker-{REGION}-{ACCOUNT}"] is Whose.SAGEMAKER
    assert told["log group", "/aws/sagemaker/TrainingJobs"] is Whose.SAGEMAKER
    assert told["file system", "fs-theirs"] is Whose.SAGEMAKER
    assert told["endpoint", "kempelen-dev-2-serve"] is Whose.SAGEMAKER
    assert told["NAT gateway", "nat-theirs"] is Whose.OTHER


@pytest.mark.parametrize(
    ("kind", "hour", "month"),
    [
        ("endpoint", 2 * 0.23, 0),
        ("app", 1.90, 0),
        ("space", 0, 5 * 0.14),
        ("processing job", 3 * 0.23, 0),
        ("training job", 1.4084, 0),
        ("notebook instance", 0.05, 5 * 0.14),
        ("HyperPod cluster", 113.068, 0),
        ("NAT gateway", 0.045, 0),
        ("public address", 0.005, 0),
        ("interface endpoint", 0.03, 0),
        ("volume", 0, 8.0),
        ("snapshot", 0, 5.0),
        ("file system", 0, 3.0),
        ("feature group", 0, 0.9),
        ("bucket", 0, 5 * 0.023),
        ("table", 0, 0.25),
        ("log group", 0, 0.03),
        ("alarm", 0, 0.10),
        ("dashboard", 0, 3.0),
        ("key", 0, 1.0),
    ],
)
def test_it_is_priced_by_the_list(kind: str, hour: float, month: float, found: Found) -> None:
    names = dict(reversed(LEFT_OVERS))
    thing = next(one for one in found.things if (one.kind, one.name) == (kind, names[kind]))
    cost = cost_of(thing, REGION)
    assert (cost.hour, cost.month) == (pytest.approx(hour), pytest.approx(month))


def test_what_has_no_price_is_named_instead_of_counted_as_free(found: Found) -> None:
    server = next(thing for thing in found.things if thing.kind == "MLflow server")
    assert cost_of(server, REGION).unknown == ("MLflow servers",)
    strange = Thing("endpoint", "x", uses=())
    assert together([server, strange], REGION).unknown == ("MLflow servers",)


def test_what_may_not_be_listed_is_named_and_the_rest_is_told() -> None:
    account = any_account()
    del account.answers["sagemaker"]["list_endpoints"]
    del account.answers["kms"]["list_resource_tags"]
    found = found_in(account)
    assert [gap.kind for gap in found.gaps] == ["endpoint", "key"]
    assert all("AccessDenied" in gap.reason for gap in found.gaps)
    assert {kind for kind, _ in owners(found)} == set(KINDS) - {"endpoint", "key"}


def test_an_account_that_ground_truth_is_closed_to_has_no_labeling_jobs() -> None:
    account = any_account()

    def closed(**_request: Any) -> Mapping[str, Any]:
        refusal = {"Code": "ValidationException", "Message": "Ground Truth is not open to new customers"}
        raise ClientError({"Error": refusal}, "ListLabelingJobs")  # type: ignore[typeddict-item]

    account.answers["sagemaker"]["list_labeling_jobs"] = closed
    assert found_in(account).gaps == ()


def removed(account: RecordedAccount) -> set[str]:
    """The names in all requests that changed something."""
    changes = [request for _, operation, request in account.asked if operation.startswith(CHANGES)]
    return {str(value[0] if isinstance(value, list) else value) for request in changes for value in request.values()}


def clearing(account: RecordedAccount, typed: str, monkeypatch: pytest.MonkeyPatch, **options: Any) -> tuple[int, str]:
    may_remove(account)
    monkeypatch.setattr(sweep.typer, "prompt", lambda *_args, **_kwargs: typed)
    console = Console(record=True, width=200, file=io.StringIO())
    code = sweep.clear(console, place_of(account), found_in(account), "dev", **{"with_data": False, **options})
    return code, console.export_text()


def test_removal_asks_for_the_end_of_ours_and_of_nothing_else(monkeypatch: pytest.MonkeyPatch) -> None:
    account = any_account()
    code, told = clearing(account, "dev", monkeypatch, with_data=True)
    assert code == 0
    ours = {"kempelen-dev-serve", "nat-ours", "eipalloc-ours", "vol-ours", "fs-ours", "kempelen-dev-label", "d-ours"}
    assert ours < removed(account)
    foreign = {name for _, name in FOREIGN} | {"d-theirs", "eipalloc-theirs", "us-east-1_theirs", "kempelen-faces-ABC"}
    assert not {name for name in removed(account) if name in foreign or "theirs" in name or "faces" in name}
    assert "remove  endpoint kempelen-dev-serve" in told


def test_labels_keys_and_people_are_never_removed(monkeypatch: pytest.MonkeyPatch) -> None:
    account = any_account()
    _, told = clearing(account, "dev", monkeypatch, with_data=True)
    for kind, name in LEFT_OVERS:
        if kind in ("bucket", "table", "key", "user pool", "feature group", "domain"):
            assert f"keep    {kind} {name}: a sweep never removes this kind" in told
    assert not {"kempelen-dev-storage-data", "kempelen-dev-storage-ledger", "key-ours"} & removed(account)


def test_peoples_files_go_only_when_they_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    account = any_account()
    _, told = clearing(account, "dev", monkeypatch)
    assert "keep    space notes in d-ours: holds files of people" in told
    assert not {"vol-ours", "snap-ours", "fs-ours", "notes"} & removed(account) - {"notes"}
    assert not [asked for asked in account.asked if asked[1] in ("delete_space", "delete_volume", "delete_file_system")]


@pytest.mark.parametrize("typed", ["", "yes", "prod", "kempelen-dev"])
def test_without_the_stages_name_nothing_is_removed(typed: str, monkeypatch: pytest.MonkeyPatch) -> None:
    account = any_account()
    code, told = clearing(account, typed, monkeypatch)
    assert (code, removed(account)) == (1, set())
    assert "Nothing was removed" in told


def test_what_a_standing_stack_has_is_left_to_its_destruction() -> None:
    account = any_account()
    tags = pairs({**OURS, "aws:cloudformation:stack-name": "kempelen-dev-network"})
    account.answers["ec2"]["describe_nat_gateways"] = {
        "NatGateways": [{"NatGatewayId": "nat-ours", "State": "available", "Tags": tags}]
    }
    left_over = found_in(account)
    gone = plan(left_over.things, "dev", domains_of(left_over.things), with_data=False)
    assert "nat-ours" in {thing.name for thing in gone.remove}
    stack = {"StackName": "kempelen-dev-network", "StackStatus": "CREATE_COMPLETE"}

    account.answers["cloudformation"]["describe_stacks"] = {
        "Stacks": [{**stack, "CreationTime": datetime(2026, 11, 28, tzinfo=UTC)}]
    }
    for answers in (account.answers["cloudformation"], {}):
        account.answers["cloudformation"] = answers  # standing, then: nobody may say whether it stands
        standing = found_in(account)
        kept = plan(standing.things, "dev", domains_of(standing.things), with_data=False)
        assert "nat-ours" not in {thing.name for thing in kept.remove}
        assert [item.reason for item in kept.keep if item.thing.name == "nat-ours"] == [
            "belongs to stack kempelen-dev-network: `make destroy` removes it"
        ]


def test_a_refusal_is_told_and_the_others_go_on(monkeypatch: pytest.MonkeyPatch) -> None:
    account = any_account()
    place = place_of(account)
    may_remove(account)
    found = found_in(account)
    del account.answers["ec2"]["delete_nat_gateway"]
    console = Console(record=True, width=200, file=io.StringIO())
    planned = plan(found.things, "dev", domains_of(found.things), with_data=True)
    assert sweep.remove_all(console, place, planned) == 1
    assert "refused: NAT gateway nat-ours" in console.export_text()
    assert "kempelen-dev-serve" in removed(account)


def test_the_report_sums_each_owner_and_counts_nothing_foreign_as_ours(found: Found) -> None:
    console = Console(record=True, width=200, file=io.StringIO())
    sweep.show(console, place_of(any_account()), found, everything=False)
    told = console.export_text()
    ours = together([thing for thing in found.things if owners(found)[thing.kind, thing.name][0] is Whose.OURS], REGION)
    assert f"Stage dev: 30 things, ${ours.hour:,.2f} an hour, ${ours.whole_month:,.2f} a month" in told
    assert "Not in it, for want of a price or a size: MLflow servers" in told
    assert "nat-theirs" not in told
    assert "kempelen-dev-2-serve" in told
