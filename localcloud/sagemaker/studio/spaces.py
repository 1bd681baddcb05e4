"""Spaces: Create, Describe, Update, Delete, List. A space holds one app and belongs to one user, or is shared."""

from __future__ import annotations

from localcloud.sagemaker import clock, store
from localcloud.sagemaker.api import Params, operation
from localcloud.sagemaker.errors import ApiError
from localcloud.sagemaker.store import LOCK, Record, table
from localcloud.sagemaker.studio import domains, lifecycle, profiles


def find(domain_id: str, name: str) -> Record:
    return lifecycle.found("space", (domain_id, name), f"Space {name} of domain {domain_id}")


@operation("CreateSpace")
def create(params: Params) -> Params:
    domain_id, name = params["DomainId"], params["SpaceName"]
    with LOCK:
        domain = domains.in_service(domain_id)
        _check_owner(params)
        if taken := lifecycle.same_but_for_case("space", domain_id, name):
            raise ApiError("ResourceInUse", f"Space {taken} already exists in domain {domain_id}")
        record: Record = {
            "SpaceSettings": {},
            **params,
            "SpaceArn": store.arn("space", f"{domain_id}/{name}"),
            "HomeEfsFileSystemUid": profiles.next_uid(),
            "Url": f"{domain['Url']}/spaces/{name}",
            "CreationTime": clock.now(),
        }
        table("space")[domain_id, name] = record
        lifecycle.begin("CreateSpace", record, name, lifecycle.in_service(record))
    return {"SpaceArn": record["SpaceArn"]}


def _check_owner(params: Params) -> None:
    ownership, sharing = params.get("OwnershipSettings"), params.get("SpaceSharingSettings")
    if (ownership is None) != (sharing is None):
        raise ApiError("ValidationException", "OwnershipSettings and SpaceSharingSettings must be given together")
    if ownership:
        owner = (params["DomainId"], ownership["OwnerUserProfileName"])
        if owner not in table("user-profile"):
            raise ApiError("ValidationException", f"OwnerUserProfileName: there is no UserProfile {owner[1]}")


@operation("DescribeSpace")
def describe(params: Params) -> Params:
    return dict(find(params["DomainId"], params["SpaceName"]))


@operation("UpdateSpace")
def update(params: Params) -> Params:
    with LOCK:
        record = find(params["DomainId"], params["SpaceName"])
        lifecycle.require_settled(record, f"Space {params['SpaceName']}")
        if _running(record):
            raise ApiError("ResourceInUse", f"Space {params['SpaceName']} has a running app: delete the app first")
        settings = {**record["SpaceSettings"], **params.get("SpaceSettings", {})}
        display = {key: params[key] for key in ("SpaceDisplayName",) if key in params}

        def done() -> None:
            record.update(display, SpaceSettings=settings)
            lifecycle.enter(record, "InService")

        lifecycle.begin("UpdateSpace", record, params["SpaceName"], done)
    return {"SpaceArn": record["SpaceArn"]}


@operation("DeleteSpace")
def delete(params: Params) -> Params:
    key = (params["DomainId"], params["SpaceName"])
    with LOCK:
        record = find(*key)
        lifecycle.require_settled(record, f"Space {key[1]}")
        if _running(record):
            message = f"Unable to delete Space [{record['SpaceArn']}] because App(s) are associated with it."
            raise ApiError("ResourceInUse", message)
        arn = record["SpaceArn"]
        lifecycle.begin("DeleteSpace", record, key[1], lambda: lifecycle.drop("space", key, arn))
    return {}


def _running(space: Record) -> bool:
    key = (space["DomainId"], space["SpaceName"])
    apps = [app for app in table("app").values() if (app["DomainId"], app.get("SpaceName")) == key]
    return any(app["Status"] != "Failed" for app in apps)


@operation("ListSpaces")
def list_spaces(params: Params) -> Params:
    domain_id, part = params.get("DomainIdEquals"), params.get("SpaceNameContains", "").lower()
    chosen = [
        _summary(record)
        for record in lifecycle.snapshot("space")
        if domain_id in (None, record["DomainId"]) and part in record["SpaceName"].lower()
    ]
    return store.paginate(chosen, params, "Spaces")


def _summary(record: Record) -> Record:
    return {
        **record,
        "SpaceSettingsSummary": record["SpaceSettings"],
        "SpaceSharingSettingsSummary": record.get("SpaceSharingSettings"),
        "OwnershipSettingsSummary": record.get("OwnershipSettings"),
    }
