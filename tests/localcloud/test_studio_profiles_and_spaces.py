from __future__ import annotations

import pytest

from tests.localcloud.studio import Studio, refusal


@pytest.fixture(scope="module")
def studio(client, until) -> Studio:
    return Studio(client, until)


@pytest.fixture(scope="module")
def domain(studio: Studio) -> str:
    return studio.domain()


def test_a_profile_is_pending_first_and_gets_a_user_of_the_file_system(studio, domain, unique, until) -> None:
    key = {"DomainId": domain, "UserProfileName": unique("user")}
    studio.sagemaker.create_user_profile(**key)
    assert studio.sagemaker.describe_user_profile(**key)["Status"] == "Pending"
    profile = until(lambda: studio.sagemaker.describe_user_profile(**key), lambda p: p["Status"] == "InService")
    assert int(profile["HomeEfsFileSystemUid"]) >= 200_000
    assert profile["UserProfileArn"].endswith(f":user-profile/{domain}/{key['UserProfileName']}")


def test_a_profile_needs_a_domain_in_service(studio) -> None:
    pending = studio.sagemaker.create_domain(**studio.domain_request())["DomainId"]
    code, message = refusal(studio.sagemaker.create_user_profile, DomainId=pending, UserProfileName="ada")
    assert (code, "Pending" in message) == ("ValidationException", True)
    missing = refusal(studio.sagemaker.create_user_profile, DomainId="d-nosuchdomain", UserProfileName="ada")
    assert missing[0] == "ResourceNotFound"


def test_a_profile_name_is_unique_in_its_domain(studio, domain, unique) -> None:
    name = studio.profile(domain, unique("user"))
    for taken in (name, name.upper()):
        request = {"DomainId": domain, "UserProfileName": taken}
        assert refusal(studio.sagemaker.create_user_profile, **request)[0] == "ResourceInUse"


def test_a_profile_of_identity_center_needs_its_user_and_an_iam_profile_must_not_name_one(studio, domain) -> None:
    sign_on = {"SingleSignOnUserIdentifier": "UserName", "SingleSignOnUserValue": "ada@example.org"}
    code, message = refusal(studio.sagemaker.create_user_profile, DomainId=domain, UserProfileName="sso", **sign_on)
    assert (code, "AuthMode IAM" in message) == ("ValidationException", True)
    of_center = studio.domain(AuthMode="SSO")
    code, message = refusal(studio.sagemaker.create_user_profile, DomainId=of_center, UserProfileName="ada")
    assert (code, "SingleSignOnUserValue" in message) == ("ValidationException", True)
    assert studio.profile(of_center, "ada", **sign_on) == "ada"


def test_a_profile_with_a_running_app_cannot_be_deleted(studio, domain, unique, until) -> None:
    key = {"DomainId": domain, "UserProfileName": studio.profile(domain, unique("user"))}
    canvas = studio.canvas(domain, key["UserProfileName"])
    code, message = refusal(studio.sagemaker.delete_user_profile, **key)
    assert code == "ResourceInUse"
    assert "because App(s) are associated with it" in message
    studio.delete_app(canvas)
    studio.sagemaker.delete_user_profile(**key)
    assert studio.sagemaker.describe_user_profile(**key)["Status"] == "Deleting"
    names = until(
        lambda: [p["UserProfileName"] for p in studio.sagemaker.list_user_profiles(MaxResults=100)["UserProfiles"]],
        lambda listed: key["UserProfileName"] not in listed,
    )
    assert key["UserProfileName"] not in names
    assert refusal(studio.sagemaker.describe_user_profile, **key)[0] == "ResourceNotFound"


def test_a_private_space_keeps_its_owner_from_deletion(studio, domain, unique, until) -> None:
    owner = studio.profile(domain, unique("owner"))
    space = {"DomainId": domain, "SpaceName": studio.space(domain, owner, unique("space"))}
    code, message = refusal(studio.sagemaker.delete_user_profile, DomainId=domain, UserProfileName=owner)
    assert (code, "Space(s)" in message) == ("ResourceInUse", True)
    studio.sagemaker.delete_space(**space)
    spaces = studio.sagemaker.list_spaces
    until(lambda: spaces(DomainIdEquals=domain)["Spaces"], lambda all_: space["SpaceName"] not in str(all_))
    studio.sagemaker.delete_user_profile(DomainId=domain, UserProfileName=owner)


def test_a_profile_that_could_not_be_deleted_says_so_and_can_be_deleted_again(
    studio, domain, unique, until, cloud
) -> None:
    key = {"DomainId": domain, "UserProfileName": studio.profile(domain, unique("user"))}
    cloud.plan_outcomes([{"operation": "DeleteUserProfile", "reason": "internal"}])
    studio.sagemaker.delete_user_profile(**key)
    failed = until(lambda: studio.sagemaker.describe_user_profile(**key), lambda p: p["Status"] == "Delete_Failed")
    assert "internal error" in failed["FailureReason"]
    studio.sagemaker.delete_user_profile(**key)


def test_profile_settings_change_one_by_one(studio, domain, unique, until) -> None:
    key = {"DomainId": domain, "UserProfileName": unique("user")}
    studio.profile(domain, key["UserProfileName"], UserSettings={"StudioWebPortal": "ENABLED"})
    studio.sagemaker.update_user_profile(**key, UserSettings={"DefaultLandingUri": "studio::"})
    assert studio.sagemaker.describe_user_profile(**key)["Status"] == "Updating"
    updated = until(lambda: studio.sagemaker.describe_user_profile(**key), lambda p: p["Status"] == "InService")
    assert updated["UserSettings"] == {"StudioWebPortal": "ENABLED", "DefaultLandingUri": "studio::"}


def test_profiles_are_listed_by_domain_and_part_of_the_name_in_pages_of_one(studio, unique) -> None:
    domain = studio.domain()
    made = [studio.profile(domain, name) for name in ("ada", "grace", "adele")]
    listing = studio.sagemaker.get_paginator("list_user_profiles")

    def names(**request) -> list[str]:
        pages = listing.paginate(DomainIdEquals=domain, PaginationConfig={"PageSize": 1}, **request)
        return [profile["UserProfileName"] for page in pages for profile in page["UserProfiles"]]

    assert names() == made
    assert names(SortOrder="Descending") == made[::-1]
    assert names(UserProfileNameContains="ad") == ["ada", "adele"]


def test_pages_stay_complete_while_what_they_list_is_deleted(studio, until) -> None:
    """Who deletes page by page must meet everything once."""
    domain = studio.domain()
    made = {studio.profile(domain, name) for name in ("ada", "grace", "hedy")}

    def listed(**request) -> dict:
        return studio.sagemaker.list_user_profiles(DomainIdEquals=domain, **request)

    def deleted(page: dict) -> list[str]:
        (name,) = [profile["UserProfileName"] for profile in page["UserProfiles"]]
        studio.sagemaker.delete_user_profile(DomainId=domain, UserProfileName=name)
        until(lambda: [p["UserProfileName"] for p in listed()["UserProfiles"]], lambda names: name not in names)
        return [name]

    page = listed(MaxResults=1)
    met = deleted(page)
    while "NextToken" in page:
        page = listed(MaxResults=1, NextToken=page["NextToken"])
        met += deleted(page)
    assert sorted(met) == sorted(made)


def test_a_space_shows_its_owner_and_type(studio, domain, unique) -> None:
    owner = studio.profile(domain, unique("owner"))
    name = studio.space(domain, owner, unique("space"))
    described = studio.sagemaker.describe_space(DomainId=domain, SpaceName=name)
    assert described["OwnershipSettings"] == {"OwnerUserProfileName": owner}
    assert described["SpaceSharingSettings"] == {"SharingType": "Private"}
    (listed,) = studio.sagemaker.list_spaces(DomainIdEquals=domain, SpaceNameContains=name)["Spaces"]
    assert listed["OwnershipSettingsSummary"] == {"OwnerUserProfileName": owner}
    assert listed["SpaceSharingSettingsSummary"] == {"SharingType": "Private"}
    assert listed["SpaceSettingsSummary"] == {"AppType": "JupyterLab"}


def test_a_space_needs_an_owner_that_exists_and_sharing_settings_with_it(studio, domain) -> None:
    owner = {"OwnershipSettings": {"OwnerUserProfileName": "nobody"}}
    create = studio.sagemaker.create_space
    assert "together" in refusal(create, DomainId=domain, SpaceName="alone", **owner)[1]
    code, message = refusal(
        create, DomainId=domain, SpaceName="orphan", SpaceSharingSettings={"SharingType": "Private"}, **owner
    )
    assert (code, "nobody" in message) == ("ValidationException", True)


def test_a_space_with_a_running_app_can_be_neither_changed_nor_deleted(studio, domain, unique, until) -> None:
    key = {
        "DomainId": domain,
        "SpaceName": studio.space(domain, studio.profile(domain, unique("user")), unique("space")),
    }
    app = studio.app(**key, AppType="JupyterLab", AppName="default")
    assert "App(s)" in refusal(studio.sagemaker.delete_space, **key)[1]
    assert refusal(studio.sagemaker.update_space, **key, SpaceDisplayName="mine")[0] == "ResourceInUse"
    studio.delete_app(app)
    studio.sagemaker.update_space(**key, SpaceDisplayName="mine")
    until(lambda: studio.sagemaker.describe_space(**key), lambda space: space["Status"] == "InService")
    assert studio.sagemaker.describe_space(**key)["SpaceDisplayName"] == "mine"
    studio.sagemaker.delete_space(**key)
    assert studio.sagemaker.describe_space(**key)["Status"] == "Deleting"
