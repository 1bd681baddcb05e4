"""CreateWorkforce and its siblings: one private workforce an account and Region."""

from __future__ import annotations

from typing import Any

from localcloud.ground_truth.portal_address import sub_domain
from localcloud.ground_truth.user_pools import check_client
from localcloud.sagemaker import clock, store
from localcloud.sagemaker.api import Params, operation
from localcloud.sagemaker.errors import ApiError

STARTING_SECONDS = 1.0
UPDATING_SECONDS = 1.0
DELETING_SECONDS = 1.0


def workforces() -> dict[Any, dict[str, Any]]:
    return store.table("workforce")


def workforce(name: str | None = None) -> dict[str, Any]:
    """The workforce of this name, or the only one. Raises ApiError as AWS does when there is none."""
    found = workforces().get(name) if name else next(iter(workforces().values()), None)
    if found is None:
        raise ApiError("ValidationException", f"No workforce{f' {name}' if name else ''} exists in {store.REGION}")
    return found


def add_workforce(params: Params) -> dict[str, Any]:
    """Record a workforce that is Initializing and soon Active. Raises ApiError when there is one already."""
    with store.LOCK:
        if workforces():
            name = next(iter(workforces()))
            raise ApiError("ValidationException", f"Only one workforce is allowed in {store.REGION}; {name} exists")
        config = params.get("CognitoConfig")
        if bool(config) == bool(params.get("OidcConfig")):
            raise ApiError("ValidationException", "Give exactly one of CognitoConfig and OidcConfig")
        if config:
            check_client(config["UserPool"], config["ClientId"])
        record = {
            **params,
            "WorkforceArn": store.arn("workforce", params["WorkforceName"]),
            "SubDomain": sub_domain(),
            "CreateDate": clock.now(),
            "LastUpdatedDate": clock.now(),
            "Status": "Initializing",
            "SourceIpConfig": params.get("SourceIpConfig") or {"Cidrs": []},
        }
        workforces()[params["WorkforceName"]] = record
        clock.after(STARTING_SECONDS, lambda: record.update(Status="Active"))
        return record


@operation("CreateWorkforce")
def create_workforce(params: Params) -> Params:
    return {"WorkforceArn": add_workforce(params)["WorkforceArn"]}


@operation("DescribeWorkforce")
def describe_workforce(params: Params) -> Params:
    return {"Workforce": dict(workforce(params["WorkforceName"]))}


@operation("UpdateWorkforce")
def update_workforce(params: Params) -> Params:
    with store.LOCK:
        record = workforce(params["WorkforceName"])
        if record["Status"] != "Active":
            raise ApiError("ConflictException", f"Workforce {params['WorkforceName']} is {record['Status']}")
        record.update(params, Status="Updating", LastUpdatedDate=clock.now())
        clock.after(UPDATING_SECONDS, lambda: record.update(Status="Active"))
        return {"Workforce": dict(record)}


@operation("DeleteWorkforce")
def delete_workforce(params: Params) -> Params:
    with store.LOCK:
        name = params["WorkforceName"]
        record = workforce(name)
        teams = sorted(store.table("workteam"))
        if teams:
            raise ApiError("ResourceInUse", f"Workforce {name} has work teams: {', '.join(teams)}; delete them first")
        record["Status"] = "Deleting"
        clock.after(DELETING_SECONDS, lambda: _forget(name))
        return {}


def _forget(name: str) -> None:
    workforces().pop(name, None)


@operation("ListWorkforces")
def list_workforces(params: Params) -> Params:
    found = [
        dict(record) for record in workforces().values() if params.get("NameContains", "") in record["WorkforceName"]
    ]
    return store.paginate(found, params, "Workforces", sort={"Name": "WorkforceName"}, by="CreateDate")
