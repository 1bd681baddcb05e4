"""CreateWorkteam and its siblings: private teams made of Cognito groups."""

from __future__ import annotations

from typing import Any

from localcloud.ground_truth.portal_address import sub_domain
from localcloud.ground_truth.user_pools import check_client, check_group
from localcloud.ground_truth.workforces import add_workforce, workforce, workforces
from localcloud.sagemaker import clock, store
from localcloud.sagemaker.api import Params, operation
from localcloud.sagemaker.errors import ApiError

MAX_WORKTEAMS = 25
_ACTIVE = ("Initializing", "InProgress", "Stopping")


def workteams() -> dict[Any, dict[str, Any]]:
    return store.table("workteam")


def workteam(name: str) -> dict[str, Any]:
    """Raises ApiError as AWS does (a ValidationException, not a ResourceNotFound) when there is no such team."""
    if name not in workteams():
        raise ApiError("ValidationException", f"The work team {name} does not exist in {store.REGION}")
    return workteams()[name]


@operation("CreateWorkteam")
def create_workteam(params: Params) -> Params:
    with store.LOCK:
        name = params["WorkteamName"]
        if name in workteams():
            raise ApiError("ResourceInUse", f"The work team {name} exists already")
        if len(workteams()) >= MAX_WORKTEAMS:
            raise ApiError("ResourceLimitExceeded", f"{MAX_WORKTEAMS} work teams exist, which is the account's limit")
        force = _force_of(params)
        _check_members(params["MemberDefinitions"], force)
        arn = store.arn("workteam/private-crowd", name)
        workteams()[name] = {
            **params,
            "WorkteamArn": arn,
            "WorkforceArn": force["WorkforceArn"],
            "SubDomain": sub_domain(),
            "CreateDate": clock.now(),
            "LastUpdatedDate": clock.now(),
            "NotificationConfiguration": params.get("NotificationConfiguration") or {},
        }
        return {"WorkteamArn": arn}


def _force_of(params: Params) -> dict[str, Any]:
    """The team's workforce. As on AWS, the first team of an account without one brings `default` into being."""
    if workforces() or params.get("WorkforceName"):
        return workforce(params.get("WorkforceName"))
    member = params["MemberDefinitions"][0].get("CognitoMemberDefinition")
    if member is None:
        raise ApiError("ValidationException", "No workforce exists: create one, or give a Cognito member definition")
    config = {"UserPool": member["UserPool"], "ClientId": member["ClientId"]}
    return add_workforce({"WorkforceName": "default", "CognitoConfig": config})


def _check_members(members: list[dict[str, Any]], force: dict[str, Any]) -> None:
    config = force.get("CognitoConfig")
    for member in members:
        cognito = member.get("CognitoMemberDefinition")
        if bool(cognito) == bool(member.get("OidcMemberDefinition")) or bool(cognito) != bool(config):
            raise ApiError("ValidationException", "Member definitions must be of the workforce's kind, Cognito or OIDC")
        if cognito and config:
            if (cognito["UserPool"], cognito["ClientId"]) != (config["UserPool"], config["ClientId"]):
                raise ApiError(
                    "ValidationException",
                    f"All members must come from the workforce's user pool {config['UserPool']} and its client",
                )
            check_client(cognito["UserPool"], cognito["ClientId"])
            check_group(cognito["UserPool"], cognito["UserGroup"])


@operation("DescribeWorkteam")
def describe_workteam(params: Params) -> Params:
    return {"Workteam": dict(workteam(params["WorkteamName"]))}


@operation("UpdateWorkteam")
def update_workteam(params: Params) -> Params:
    with store.LOCK:
        record = workteam(params["WorkteamName"])
        if "MemberDefinitions" in params:
            _check_members(params["MemberDefinitions"], workforce())
        record.update(params, LastUpdatedDate=clock.now())
        return {"Workteam": dict(record)}


@operation("DeleteWorkteam")
def delete_workteam(params: Params) -> Params:
    """`Success` is false, with no error, while a labeling job of the team is running: callers must look at it."""
    with store.LOCK:
        record = workteam(params["WorkteamName"])
        for job in store.table("labeling-job").values():
            used = job["HumanTaskConfig"]["WorkteamArn"] == record["WorkteamArn"]
            if used and job["LabelingJobStatus"] in _ACTIVE:
                return {"Success": False}
        del workteams()[params["WorkteamName"]]
        return {"Success": True}


@operation("ListWorkteams")
def list_workteams(params: Params) -> Params:
    found = [
        dict(record) for record in workteams().values() if params.get("NameContains", "") in record["WorkteamName"]
    ]
    return store.paginate(found, params, "Workteams", sort={"Name": "WorkteamName"}, by="CreateDate")
