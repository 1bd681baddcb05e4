"""User profiles: Create, Describe, Update, Delete, List."""

from __future__ import annotations

from itertools import count

from localcloud.sagemaker import clock, store
from localcloud.sagemaker.api import Params, operation
from localcloud.sagemaker.errors import ApiError
from localcloud.sagemaker.store import LOCK, Record, table
from localcloud.sagemaker.studio import domains, lifecycle

_UIDS = count(200_005, 5)  # POSIX users of the home file system


def next_uid() -> str:
    return str(next(_UIDS))


def find(domain_id: str, name: str) -> Record:
    return lifecycle.found("user-profile", (domain_id, name), f"UserProfile {name} of domain {domain_id}")


@operation("CreateUserProfile")
def create(params: Params) -> Params:
    domain_id, name = params["DomainId"], params["UserProfileName"]
    with LOCK:
        _check_sign_on(domains.in_service(domain_id), params)
        if taken := lifecycle.same_but_for_case("user-profile", domain_id, name):
            raise ApiError("ResourceInUse", f"UserProfile {taken} already exists in domain {domain_id}")
        record: Record = {
            "UserSettings": {},
            **params,
            "UserProfileArn": store.arn("user-profile", f"{domain_id}/{name.lower()}"),
            "HomeEfsFileSystemUid": next_uid(),
            "CreationTime": clock.now(),
        }
        table("user-profile")[domain_id, name] = record
        lifecycle.begin("CreateUserProfile", record, name, lifecycle.in_service(record))
    return {"UserProfileArn": record["UserProfileArn"]}


def _check_sign_on(domain: Record, params: Params) -> None:
    """In a domain of IAM Identity Center each profile belongs to one of its users; in an IAM domain to none."""
    given = [name for name in ("SingleSignOnUserIdentifier", "SingleSignOnUserValue") if params.get(name)]
    if domain["AuthMode"] == "SSO" and len(given) < 2:
        message = "SingleSignOnUserIdentifier and SingleSignOnUserValue are required in a domain with AuthMode SSO"
        raise ApiError("ValidationException", message)
    if domain["AuthMode"] == "IAM" and given:
        raise ApiError("ValidationException", f"{given[0]} cannot be given in a domain with AuthMode IAM")


@operation("DescribeUserProfile")
def describe(params: Params) -> Params:
    return dict(find(params["DomainId"], params["UserProfileName"]))


@operation("UpdateUserProfile")
def update(params: Params) -> Params:
    with LOCK:
        record = find(params["DomainId"], params["UserProfileName"])
        lifecycle.require_settled(record, f"UserProfile {params['UserProfileName']}")
        settings = {**record["UserSettings"], **params.get("UserSettings", {})}

        def done() -> None:
            record["UserSettings"] = settings
            lifecycle.enter(record, "InService")

        lifecycle.begin("UpdateUserProfile", record, params["UserProfileName"], done)
    return {"UserProfileArn": record["UserProfileArn"]}


@operation("DeleteUserProfile")
def delete(params: Params) -> Params:
    key = (params["DomainId"], params["UserProfileName"])
    with LOCK:
        record = find(*key)
        lifecycle.require_settled(record, f"UserProfile {key[1]}")
        noun = _in_the_way(*key)
        if noun:
            message = (
                f"Unable to delete UserProfile [{record['UserProfileArn']}] because {noun} are associated with it."
            )
            raise ApiError("ResourceInUse", message)
        arn = record["UserProfileArn"]
        lifecycle.begin("DeleteUserProfile", record, key[1], lambda: lifecycle.drop("user-profile", key, arn))
    return {}


def _in_the_way(domain_id: str, name: str) -> str | None:
    """The user's running apps, and the private spaces that the user owns, block the profile."""
    for app in table("app").values():
        if (app["DomainId"], app.get("UserProfileName")) == (domain_id, name) and app["Status"] != "Failed":
            return "App(s)"
    for space in table("space").values():
        owner = space.get("OwnershipSettings", {}).get("OwnerUserProfileName")
        if (space["DomainId"], owner) == (domain_id, name):
            return "Space(s)"
    return None


@operation("ListUserProfiles")
def list_profiles(params: Params) -> Params:
    domain_id, part = params.get("DomainIdEquals"), params.get("UserProfileNameContains", "").lower()
    chosen = [
        record
        for record in lifecycle.snapshot("user-profile")
        if domain_id in (None, record["DomainId"]) and part in record["UserProfileName"].lower()
    ]
    return store.paginate(chosen, params, "UserProfiles")
