"""Apps: Create, Describe, Delete, List. A deleted app is listed as Deleted for another 24 hours."""

from __future__ import annotations

import uuid

from localcloud.network import vpc
from localcloud.sagemaker import clock, store, tags
from localcloud.sagemaker.api import Params, operation
from localcloud.sagemaker.errors import ApiError
from localcloud.sagemaker.store import LOCK, Record, table
from localcloud.sagemaker.studio import domains, home_file_system, lifecycle, profiles, spaces

_LISTED_SECONDS = 24 * 3600
_ONLY_IN_A_SPACE = ("JupyterLab", "CodeEditor")
_ONLY_OF_A_PROFILE = ("Canvas", "TensorBoard", "DetailedProfiler", "RStudioServerPro", "RSessionGateway")
_NAMED_DEFAULT = ("Canvas", "JupyterLab", "CodeEditor", "JupyterServer")
_DELETED = "_deleted-app"  # by AppArn: history, not a resource

Key = tuple[str, str, str, str, str]


def _key(params: Params) -> Key:
    """(domain, "profile" or "space", its name, type, app name)."""
    profile, space = params.get("UserProfileName"), params.get("SpaceName")
    if bool(profile) == bool(space):
        raise ApiError("ValidationException", "Give either UserProfileName or SpaceName, and not both")
    kind = "profile" if profile else "space"
    return (params["DomainId"], kind, str(profile or space), params["AppType"], params["AppName"])


@operation("CreateApp")
def create(params: Params) -> Params:
    key = _key(params)
    domain_id, kind, owner, app_type, name = key
    with LOCK:
        domain = domains.in_service(domain_id)
        _check_place(kind, app_type, name)
        holder = _holder(domain_id, kind, owner)
        if table("app").get(key, {"Status": "Failed"})["Status"] != "Failed":
            raise ApiError("ResourceInUse", f"App {app_type}/{name} already exists for {kind} {owner}")
        _check_space_type(holder, app_type)
        record: Record = {
            **params,
            "AppArn": store.arn("app", f"{domain_id}/{owner}/{app_type.lower()}/{name}"),
            "ResourceSpec": params.get("ResourceSpec") or {"InstanceType": "system"},
            "CreationTime": clock.now(),
        }
        table(_DELETED).pop(record["AppArn"], None)
        table("app")[key] = record
        lifecycle.begin("CreateApp", record, name, lambda: _running(record, domain, holder))
    return {"AppArn": record["AppArn"]}


def _check_place(kind: str, app_type: str, name: str) -> None:
    wrong = _ONLY_OF_A_PROFILE if kind == "space" else _ONLY_IN_A_SPACE
    if app_type in wrong:
        other = "UserProfileName" if kind == "space" else "SpaceName"
        raise ApiError("ValidationException", f"An app of type {app_type} needs a {other}")
    if app_type in _NAMED_DEFAULT and name != "default":
        raise ApiError("ValidationException", f"An app of type {app_type} must have the name default, not {name}")


def _holder(domain_id: str, kind: str, owner: str) -> Record:
    holder = profiles.find(domain_id, owner) if kind == "profile" else spaces.find(domain_id, owner)
    if holder["Status"] not in ("InService", "Updating", "Update_Failed"):
        raise ApiError("ValidationException", f"{kind} {owner} is in status {holder['Status']}, not InService")
    return holder


def _check_space_type(holder: Record, app_type: str) -> None:
    expected = holder.get("SpaceSettings", {}).get("AppType", app_type)
    if expected != app_type:
        raise ApiError("ValidationException", f"Space {holder['SpaceName']} is for {expected}, not for {app_type}")


def _running(record: Record, domain: Record, holder: Record) -> None:
    """A running app holds a network interface in the domain's VPC: towards the home file system, and under VpcOnly
    for everything."""
    outbound = home_file_system.find_group(domain, "outbound")
    groups = [outbound] if outbound else []
    if domain["AppNetworkAccessType"] == "VpcOnly":
        user = holder.get("UserSettings", {}).get("SecurityGroups")
        groups += user or domain["DefaultUserSettings"]["SecurityGroups"]
    if groups:
        text = f"[DO NOT DELETE] ENI managed by SageMaker for Studio Domain({domain['DomainId']}) - {uuid.uuid4().hex}"
        record["_interface"] = vpc.add_interface(domain["SubnetIds"][0], groups, text)
    lifecycle.enter(record, "InService")


@operation("DescribeApp")
def describe(params: Params) -> Params:
    key = _key(params)
    record = table("app").get(key) or _recently_deleted(key)
    if record is None:
        raise ApiError("ResourceNotFound", f"App {'/'.join(key)} does not exist")
    running = record["Status"] == "InService"
    return {**record, "LastHealthCheckTimestamp": clock.now() if running else None}


def _recently_deleted(key: Key) -> Record | None:
    return next((record for record in _listed_as_deleted() if _key(record) == key), None)


def _listed_as_deleted() -> list[Record]:
    oldest = clock.now() - _LISTED_SECONDS
    return [record for record in lifecycle.snapshot(_DELETED) if record["LastModifiedTime"] > oldest]


@operation("DeleteApp")
def delete(params: Params) -> Params:
    key = _key(params)
    name = f"App {key[3]}/{key[4]}"
    with LOCK:
        if key not in table("app") and (gone := _recently_deleted(key)):
            raise ApiError("ValidationException", f"App [{gone['AppArn']}] has already been deleted")
        record = lifecycle.found("app", key, name)
        if record["Status"] == "Failed":
            raise ApiError("ValidationException", f"{name} is in status Failed and cannot be deleted")
        if record["Status"] != "InService":
            raise ApiError("ResourceInUse", f"{name} is in status {record['Status']}: wait until it is InService")
        lifecycle.begin("DeleteApp", record, key[4], lambda: _deleted(key, record), failed="Failed")
    return {}


def _deleted(key: Key, record: Record) -> None:
    vpc.remove_interface(record.pop("_interface", ""))
    lifecycle.enter(record, "Deleted")
    table("app").pop(key, None)
    table(_DELETED)[record["AppArn"]] = record
    tags.forget(record["AppArn"])


@operation("ListApps")
def list_apps(params: Params) -> Params:
    if params.get("UserProfileNameEquals") and params.get("SpaceNameEquals"):
        raise ApiError("ValidationException", "Give either UserProfileNameEquals or SpaceNameEquals, and not both")
    filters = {
        field: params[name]
        for name, field in (
            ("DomainIdEquals", "DomainId"),
            ("UserProfileNameEquals", "UserProfileName"),
            ("SpaceNameEquals", "SpaceName"),
        )
        if params.get(name)
    }
    every = [*lifecycle.snapshot("app"), *_listed_as_deleted()]
    chosen = [app for app in every if all(app.get(field) == value for field, value in filters.items())]
    return store.paginate(chosen, params, "Apps")
