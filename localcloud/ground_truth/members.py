"""Who may work on a team's jobs: the members of its groups in Cognito, as labeling jobs know them."""

from __future__ import annotations

from domain.workforce import identity
from localcloud.clients import client
from localcloud.sagemaker import store


def worker_id(user_pool: str, sub: str) -> str:
    """What worker responses call a person; the same in every session."""
    return identity.worker_id(store.REGION, user_pool, sub)


def members_of(workteam_arn: str) -> set[str]:
    """The ids of the people in the team; none when the team is gone."""
    teams = {team["WorkteamArn"]: team for team in list(store.table("workteam").values())}
    team = teams.get(workteam_arn, {})
    found: set[str] = set()
    for definition in team.get("MemberDefinitions", ()):
        group = definition.get("CognitoMemberDefinition")
        if group is None:
            continue
        pages = client("cognito-idp").get_paginator("list_users_in_group")
        for page in pages.paginate(UserPoolId=group["UserPool"], GroupName=group["UserGroup"]):
            for user in page["Users"]:
                attributes = {attribute["Name"]: attribute["Value"] for attribute in user["Attributes"]}
                found.add(worker_id(group["UserPool"], attributes["sub"]))
    return found
