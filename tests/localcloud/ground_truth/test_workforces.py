"""Workforces and work teams: one private workforce, checked against Cognito, with AWS's states and refusals."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.localcloud import labeling
from tests.localcloud.labeling import GROUP


@pytest.fixture
def config(client: Callable[[str], Any]) -> Iterator[dict[str, str]]:
    """The CognitoConfig of a pool that a workforce can use; afterwards no team, workforce or pool is left."""
    pool, client_id = labeling.make_pool(client("cognito-idp"))
    yield {"UserPool": pool, "ClientId": client_id}
    sagemaker = client("sagemaker")
    for team in sagemaker.list_workteams(MaxResults=100)["Workteams"]:
        sagemaker.delete_workteam(WorkteamName=team["WorkteamName"])
    for force in sagemaker.list_workforces()["Workforces"]:
        sagemaker.delete_workforce(WorkforceName=force["WorkforceName"])
    labeling.wait_until(lambda: not sagemaker.list_workforces()["Workforces"])
    labeling.remove_pool(client("cognito-idp"), pool)


@pytest.fixture
def sagemaker(client: Callable[[str], Any]) -> Any:
    return client("sagemaker")


def member(config: dict[str, str], group: str = GROUP) -> list[dict[str, Any]]:
    return [{"CognitoMemberDefinition": {**config, "UserGroup": group}}]


def create_team(sagemaker: Any, config: dict[str, str], name: str = "team", **options: Any) -> dict[str, Any]:
    request = {"WorkteamName": name, "Description": "a team", "MemberDefinitions": member(config), **options}
    return dict(sagemaker.create_workteam(**request))


def test_a_workforce_is_initializing_then_active_with_the_portal_as_its_sub_domain(sagemaker, config, cloud, until):
    sagemaker.create_workforce(WorkforceName="private", CognitoConfig=config)
    first = sagemaker.describe_workforce(WorkforceName="private")["Workforce"]
    assert first["Status"] == "Initializing"
    force = until(
        lambda: sagemaker.describe_workforce(WorkforceName="private")["Workforce"],
        lambda force: force["Status"] == "Active",
    )
    assert force["CognitoConfig"] == config
    assert force["WorkforceArn"] == "arn:aws:sagemaker:us-east-1:000000000000:workforce/private"
    assert f"http://{force['SubDomain']}" == cloud.portal


def test_an_account_has_one_workforce(sagemaker, config):
    sagemaker.create_workforce(WorkforceName="private", CognitoConfig=config)
    with pytest.raises(ClientError, match="Only one workforce is allowed") as refusal:
        sagemaker.create_workforce(WorkforceName="second", CognitoConfig=config)
    assert refusal.value.response["Error"]["Code"] == "ValidationException"


def test_a_workforce_that_is_not_there_is_a_validation_exception(sagemaker):
    with pytest.raises(ClientError, match="No workforce nobody exists") as refusal:
        sagemaker.describe_workforce(WorkforceName="nobody")
    assert refusal.value.response["Error"]["Code"] == "ValidationException"


@pytest.mark.parametrize(
    ("options", "complaint"),
    [({"secret": False}, "has no secret"), ({"domain": False}, "has no domain")],
)
def test_a_pool_that_workers_could_not_sign_in_to_is_refused(sagemaker, client, options, complaint):
    pool, client_id = labeling.make_pool(client("cognito-idp"), **options)
    with pytest.raises(ClientError, match=complaint):
        sagemaker.create_workforce(WorkforceName="private", CognitoConfig={"UserPool": pool, "ClientId": client_id})
    labeling.remove_pool(client("cognito-idp"), pool)


@pytest.mark.parametrize("wrong", [{"UserPool": "us-east-1_absent000"}, {"ClientId": "absent"}])
def test_a_pool_or_client_that_does_not_exist_is_refused(sagemaker, config, wrong):
    with pytest.raises(ClientError, match=r"does not exist|has no app client"):
        sagemaker.create_workforce(WorkforceName="private", CognitoConfig={**config, **wrong})


def test_an_update_restricts_the_addresses_and_takes_its_time(sagemaker, config, until):
    sagemaker.create_workforce(WorkforceName="private", CognitoConfig=config)
    with pytest.raises(ClientError, match="is Initializing"):
        sagemaker.update_workforce(WorkforceName="private", SourceIpConfig={"Cidrs": ["10.0.0.0/8"]})
    describe = lambda: sagemaker.describe_workforce(WorkforceName="private")["Workforce"]  # noqa: E731
    until(describe, lambda force: force["Status"] == "Active")
    answer = sagemaker.update_workforce(WorkforceName="private", SourceIpConfig={"Cidrs": ["10.0.0.0/8"]})
    assert answer["Workforce"]["Status"] == "Updating"
    force = until(describe, lambda force: force["Status"] == "Active")
    assert force["SourceIpConfig"] == {"Cidrs": ["10.0.0.0/8"]}


def test_a_workforce_with_teams_cannot_be_deleted(sagemaker, config):
    sagemaker.create_workforce(WorkforceName="private", CognitoConfig=config)
    create_team(sagemaker, config)
    with pytest.raises(ClientError, match="has work teams: team") as refusal:
        sagemaker.delete_workforce(WorkforceName="private")
    assert refusal.value.response["Error"]["Code"] == "ResourceInUse"


def test_a_deleted_workforce_is_deleting_for_a_while(sagemaker, config, until):
    sagemaker.create_workforce(WorkforceName="private", CognitoConfig=config)
    sagemaker.delete_workforce(WorkforceName="private")
    assert sagemaker.describe_workforce(WorkforceName="private")["Workforce"]["Status"] == "Deleting"
    until(lambda: sagemaker.list_workforces()["Workforces"], lambda found: found == [])


def test_the_first_team_of_an_account_brings_a_default_workforce(sagemaker, config):
    create_team(sagemaker, config)
    (force,) = sagemaker.list_workforces()["Workforces"]
    assert force["WorkforceName"] == "default"
    team = sagemaker.describe_workteam(WorkteamName="team")["Workteam"]
    assert team["WorkforceArn"] == force["WorkforceArn"]
    assert team["WorkteamArn"] == "arn:aws:sagemaker:us-east-1:000000000000:workteam/private-crowd/team"


def test_a_team_needs_a_group_that_exists(sagemaker, config):
    with pytest.raises(ClientError, match="has no group strangers"):
        create_team(sagemaker, config, MemberDefinitions=member(config, "strangers"))


def test_a_team_comes_from_the_workforces_pool(sagemaker, config, client):
    create_team(sagemaker, config)
    pool, client_id = labeling.make_pool(client("cognito-idp"))
    with pytest.raises(ClientError, match="must come from the workforce's user pool"):
        create_team(sagemaker, {"UserPool": pool, "ClientId": client_id}, "others")
    labeling.remove_pool(client("cognito-idp"), pool)


def test_team_names_are_unique_and_at_most_25(sagemaker, config):
    for number in range(25):
        create_team(sagemaker, config, f"team-{number}")
    with pytest.raises(ClientError, match="exists already") as refusal:
        create_team(sagemaker, config, "team-7")
    assert refusal.value.response["Error"]["Code"] == "ResourceInUse"
    with pytest.raises(ClientError, match="limit") as refusal:
        create_team(sagemaker, config, "team-25")
    assert refusal.value.response["Error"]["Code"] == "ResourceLimitExceeded"


def test_teams_are_listed_in_pages_by_name(sagemaker, config):
    for name in ("b-team", "a-team", "c-team"):
        create_team(sagemaker, config, name)
    pages = sagemaker.get_paginator("list_workteams").paginate(SortBy="Name", PaginationConfig={"PageSize": 2})
    assert [[team["WorkteamName"] for team in page["Workteams"]] for page in pages] == [
        ["a-team", "b-team"],
        ["c-team"],
    ]
    found = sagemaker.list_workteams(NameContains="c-t")["Workteams"]
    assert [team["WorkteamName"] for team in found] == ["c-team"]


def test_a_team_can_be_described_anew(sagemaker, config):
    create_team(sagemaker, config)
    answer = sagemaker.update_workteam(WorkteamName="team", Description="another text")
    assert answer["Workteam"]["Description"] == "another text"
    assert sagemaker.describe_workteam(WorkteamName="team")["Workteam"]["Description"] == "another text"


def test_deleting_a_team_says_that_it_succeeded(sagemaker, config):
    create_team(sagemaker, config)
    assert sagemaker.delete_workteam(WorkteamName="team")["Success"] is True
    with pytest.raises(ClientError, match="The work team team does not exist"):
        sagemaker.describe_workteam(WorkteamName="team")
