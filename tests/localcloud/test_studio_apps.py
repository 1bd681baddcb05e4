from __future__ import annotations

import pytest

from tests.localcloud.studio import Studio, refusal


@pytest.fixture(scope="module")
def studio(client, until) -> Studio:
    return Studio(client, until)


@pytest.fixture(scope="module")
def domain(studio: Studio) -> str:
    return studio.domain()


@pytest.fixture
def canvas_key(studio, domain, unique) -> dict[str, str]:
    profile = studio.profile(domain, unique("user"))
    return {"DomainId": domain, "UserProfileName": profile, "AppType": "Canvas", "AppName": "default"}


@pytest.fixture
def lab_key(studio, domain, unique) -> dict[str, str]:
    space = studio.space(domain, studio.profile(domain, unique("user")), unique("space"))
    return {"DomainId": domain, "SpaceName": space, "AppType": "JupyterLab", "AppName": "default"}


def test_an_app_goes_through_its_states_and_stays_listed_as_deleted(studio, canvas_key) -> None:
    arn = studio.sagemaker.create_app(**canvas_key)["AppArn"]
    assert arn.endswith(f":app/{canvas_key['DomainId']}/{canvas_key['UserProfileName']}/canvas/default")
    assert studio.sagemaker.describe_app(**canvas_key)["Status"] == "Pending"
    assert "LastHealthCheckTimestamp" in studio.app_reaches(canvas_key, "InService")
    studio.sagemaker.delete_app(**canvas_key)
    assert studio.sagemaker.describe_app(**canvas_key)["Status"] == "Deleting"
    studio.app_reaches(canvas_key, "Deleted")
    (listed,) = studio.sagemaker.list_apps(UserProfileNameEquals=canvas_key["UserProfileName"])["Apps"]
    assert listed["Status"] == "Deleted"
    code, message = refusal(studio.sagemaker.delete_app, **canvas_key)
    assert (code, message.endswith("has already been deleted")) == ("ValidationException", True)


def test_a_deleted_app_does_not_count_as_left_over(studio, canvas_key, cloud) -> None:
    studio.app(**canvas_key)
    assert any(canvas_key["UserProfileName"] in one["id"] for one in cloud.inventory() if one["type"] == "app")
    studio.delete_app(canvas_key)
    assert not any(canvas_key["UserProfileName"] in one["id"] for one in cloud.inventory() if one["type"] == "app")


def test_the_name_of_a_deleted_app_is_free_again(studio, canvas_key) -> None:
    studio.app(**canvas_key)
    assert refusal(studio.sagemaker.create_app, **canvas_key)[0] == "ResourceInUse"
    studio.delete_app(canvas_key)
    studio.app(**canvas_key)
    listed = studio.sagemaker.list_apps(UserProfileNameEquals=canvas_key["UserProfileName"])["Apps"]
    assert [app["Status"] for app in listed] == ["InService"]


def test_the_app_of_a_space_has_no_user_profile(studio, lab_key) -> None:
    studio.app(**lab_key)
    (listed,) = studio.sagemaker.list_apps(SpaceNameEquals=lab_key["SpaceName"])["Apps"]
    assert listed["SpaceName"] == lab_key["SpaceName"]
    assert "UserProfileName" not in listed
    assert "UserProfileName" not in studio.sagemaker.describe_app(**lab_key)


def test_a_pending_app_must_be_waited_for(studio, canvas_key, cloud) -> None:
    cloud.plan_outcomes([{"operation": "CreateApp", "delay": 3}])
    studio.sagemaker.create_app(**canvas_key)
    code, message = refusal(studio.sagemaker.delete_app, **canvas_key)
    assert (code, "Pending" in message) == ("ResourceInUse", True)
    studio.app_reaches(canvas_key, "InService")
    studio.delete_app(canvas_key)


def test_a_failed_app_cannot_be_deleted_and_does_not_block_its_profile(studio, canvas_key, cloud) -> None:
    cloud.plan_outcomes([{"operation": "CreateApp", "reason": "capacity"}])
    studio.sagemaker.create_app(**canvas_key)
    assert "CapacityError" in studio.app_reaches(canvas_key, "Failed")["FailureReason"]
    code, message = refusal(studio.sagemaker.delete_app, **canvas_key)
    assert (code, "Failed" in message) == ("ValidationException", True)
    profile = {key: canvas_key[key] for key in ("DomainId", "UserProfileName")}
    studio.sagemaker.delete_user_profile(**profile)


def test_a_failed_app_can_be_created_again(studio, canvas_key, cloud) -> None:
    cloud.plan_outcomes([{"operation": "CreateApp", "reason": "internal"}])
    studio.sagemaker.create_app(**canvas_key)
    studio.app_reaches(canvas_key, "Failed")
    studio.app(**canvas_key)


def test_an_app_belongs_to_a_profile_or_to_a_space(studio, domain, canvas_key, lab_key) -> None:
    create = studio.sagemaker.create_app
    neither = {key: canvas_key[key] for key in ("DomainId", "AppType", "AppName")}
    assert refusal(create, **neither)[0] == "ValidationException"
    assert refusal(create, **canvas_key, SpaceName=lab_key["SpaceName"])[0] == "ValidationException"


@pytest.mark.parametrize(("holder", "app_type"), [("canvas_key", "JupyterLab"), ("lab_key", "Canvas")])
def test_canvas_runs_for_a_profile_and_jupyterlab_in_a_space(studio, request, holder, app_type) -> None:
    key = {**request.getfixturevalue(holder), "AppType": app_type}
    code, message = refusal(studio.sagemaker.create_app, **key)
    assert (code, app_type in message) == ("ValidationException", True)


def test_a_space_takes_only_apps_of_its_type(studio, lab_key) -> None:
    code, message = refusal(studio.sagemaker.create_app, **{**lab_key, "AppType": "CodeEditor"})
    assert (code, "JupyterLab" in message) == ("ValidationException", True)


def test_canvas_and_jupyterlab_are_named_default(studio, canvas_key) -> None:
    assert "default" in refusal(studio.sagemaker.create_app, **{**canvas_key, "AppName": "mine"})[1]


def test_an_app_needs_a_profile_that_exists(studio, canvas_key) -> None:
    assert refusal(studio.sagemaker.create_app, **{**canvas_key, "UserProfileName": "nobody"})[0] == "ResourceNotFound"
    assert (
        refusal(studio.sagemaker.describe_app, **{**canvas_key, "UserProfileName": "nobody"})[0] == "ResourceNotFound"
    )


def test_apps_are_listed_by_domain_in_pages_of_one_deleted_ones_included(studio) -> None:
    domain = studio.domain()
    profile = studio.profile(domain, "ada")
    space = studio.space(domain, profile)
    studio.delete_app(studio.canvas(domain, profile))
    studio.app(DomainId=domain, SpaceName=space, AppType="JupyterLab", AppName="default")
    pages = studio.sagemaker.get_paginator("list_apps").paginate(
        DomainIdEquals=domain, PaginationConfig={"PageSize": 1}, SortBy="CreationTime", SortOrder="Descending"
    )
    listed = [(app["AppType"], app["Status"]) for page in pages for app in page["Apps"]]
    assert listed == [("JupyterLab", "InService"), ("Canvas", "Deleted")]


def test_apps_are_not_listed_by_profile_and_space_at_once(studio) -> None:
    code, _ = refusal(studio.sagemaker.list_apps, UserProfileNameEquals="ada", SpaceNameEquals="workbench")
    assert code == "ValidationException"


def test_a_running_app_holds_a_network_interface_until_it_is_deleted(studio, domain, canvas_key, client) -> None:
    mine = [{"Name": "description", "Values": [f"*SageMaker for Studio Domain({domain})*"]}]
    known = {
        eni["NetworkInterfaceId"]
        for eni in client("ec2").describe_network_interfaces(Filters=mine)["NetworkInterfaces"]
    }
    studio.app(**canvas_key)
    new = [
        eni
        for eni in client("ec2").describe_network_interfaces(Filters=mine)["NetworkInterfaces"]
        if eni["NetworkInterfaceId"] not in known
    ]
    assert [group["GroupName"] for group in new[0]["Groups"]] == [f"security-group-for-outbound-nfs-{domain}"]
    assert new[0]["SubnetId"] in studio.network.subnets
    studio.delete_app(canvas_key)
    left = client("ec2").describe_network_interfaces(Filters=mine)["NetworkInterfaces"]
    assert new[0]["NetworkInterfaceId"] not in str(left)


def test_in_a_vpc_only_domain_the_apps_interface_has_the_users_groups_too(studio, client) -> None:
    domain = studio.domain(AppNetworkAccessType="VpcOnly")
    app = studio.canvas(domain, studio.profile(domain))
    mine = [{"Name": "description", "Values": [f"*({domain})*"]}]
    (eni,) = client("ec2").describe_network_interfaces(Filters=mine)["NetworkInterfaces"]
    assert studio.network.group in [group["GroupId"] for group in eni["Groups"]]
    assert refusal(client("ec2").delete_network_interface, NetworkInterfaceId=eni["NetworkInterfaceId"])[0] == (
        "InvalidParameterValue"
    )
    studio.delete_app(app)
